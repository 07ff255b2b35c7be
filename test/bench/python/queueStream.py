"""A producer and a consumer with a queue between them, and a little work on each item."""
import queue
import threading
import time

items = queue.Queue()
total = 0


def produce():
    for n in range(50_000):
        items.put({"number": n, "text": str(n)})
    items.put(None)


def consume():
    global total
    while True:
        item = items.get()
        if item is None:
            break
        total += len(item["text"]) * item["number"]


began = time.process_time()
threads = [threading.Thread(target=produce), threading.Thread(target=consume)]
for thread in threads:
    thread.start()
for thread in threads:
    thread.join()
print((time.process_time() - began) * 1000)
