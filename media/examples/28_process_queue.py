# A queue between processes goes one way: one side puts, the other gets.
# Look at tasks.get() in the children, and at the arrows from each put to the get that took
# the item. None tells a child that no more will come.
import time
from multiprocessing import Process, Queue, current_process


def worker(tasks, results):
    while True:
        number = tasks.get()
        if number is None:
            break
        time.sleep(0.3)
        results.put((number, number * number, current_process().name))


if __name__ == '__main__':
    tasks, results = Queue(), Queue()
    workers = [Process(target=worker, args=(tasks, results)) for _ in range(2)]
    for p in workers:
        p.start()
    for number in range(1, 7):
        tasks.put(number)
    for p in workers:
        tasks.put(None)
    for _ in range(6):
        number, square, name = results.get()
        print("%d * %d = %d (%s)" % (number, number, square, name))
    for p in workers:
        p.join()
