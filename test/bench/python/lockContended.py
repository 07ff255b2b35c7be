"""A lock that four threads want all the time."""
import threading
import time

lock = threading.Lock()
count = 0


def work():
    global count
    for _ in range(100_000):
        with lock:
            count += 1


began = time.process_time()
threads = [threading.Thread(target=work) for _ in range(4)]
for thread in threads:
    thread.start()
for thread in threads:
    thread.join()
print((time.process_time() - began) * 1000)
