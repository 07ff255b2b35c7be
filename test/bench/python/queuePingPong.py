"""Two threads that answer each other: every get blocks."""
import queue
import threading
import time

there, back = queue.Queue(), queue.Queue()


def answer():
    while True:
        item = there.get()
        if item is None:
            break
        back.put(item)


began = time.process_time()
thread = threading.Thread(target=answer)
thread.start()
for n in range(20_000):
    there.put(n)
    back.get()
there.put(None)
thread.join()
print((time.process_time() - began) * 1000)
