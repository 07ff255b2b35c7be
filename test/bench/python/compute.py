"""Work without any operation that is recorded, in two threads."""
import threading
import time


def work():
    total = 0
    for i in range(4_000_000):
        total += i * i % 7
    return total


began = time.process_time()
threads = [threading.Thread(target=work) for _ in range(2)]
for thread in threads:
    thread.start()
for thread in threads:
    thread.join()
print((time.process_time() - began) * 1000)
