# Three daemon threads take items from one queue; q.join() waits until every item is done.
# Look at q.get(): who gets which item is luck. Look at q.join(): it returns with the sixth
# task_done().
from queue import Queue
from threading import Thread
import time


def worker(q):
    while True:
        result = q.get()
        time.sleep(1)
        print(result)
        q.task_done()

if __name__ == '__main__':
    q = Queue()

    for _ in range(3):
        thread = Thread(target=worker, args=(q,))
        thread.daemon = True
        thread.start()

    a = [1, 2, 3, 4, 5, 6]
    for i in a:
        q.put(i)

    q.join()
