# Complex work behind a simple face: the class hides that its steps run in another process.
# The caller sees start() and result(); the queue, the process and its join stay inside.
# Look at report.result(): the main process waits inside the class, on the line of the get.
import time
from multiprocessing import Process, Queue


class WordCount(Process):
    def __init__(self, text):
        super().__init__(name="word count")
        self.text = text
        self.answers = Queue()

    def run(self):
        counts = self.count(self.split())
        self.answers.put(counts)

    def split(self):
        time.sleep(0.3)
        return self.text.lower().split()

    def count(self, words):
        time.sleep(0.3)
        return {word: words.count(word) for word in sorted(set(words))}

    def result(self):
        counts = self.answers.get()
        self.join()
        return counts


if __name__ == '__main__':
    report = WordCount("the cat and the dog and the bird")
    report.start()
    print("the main process is free to do something else")
    print(report.result())
