# A queue with room for two: a producer that is faster than its consumer is held back.
# Look at jobs.put(): the first three go through at once, then each waits for the consumer
# to take one out.
import threading
import time
from queue import Queue

jobs = Queue(maxsize=2)


def produce():
    for number in range(1, 7):
        jobs.put(number)
        print('put {}'.format(number))
    jobs.put(None)


def consume():
    while True:
        number = jobs.get()
        if number is None:
            break
        time.sleep(0.4)
        print('done {}'.format(number))


producer = threading.Thread(target=produce, name='producer')
consumer = threading.Thread(target=consume, name='consumer')
producer.start()
consumer.start()
producer.join()
consumer.join()
