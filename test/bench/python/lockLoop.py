"""A lock that nobody else wants."""
import threading
import time

lock = threading.Lock()
count = 0
began = time.process_time()
for _ in range(500_000):
    with lock:
        count += 1
print((time.process_time() - began) * 1000)
