# How many threads are alive? Three that sleep for a second, and the main thread: four.
# Look at the lanes at half a second: all four are there, and three of them sleep.
import threading
import time


def run(n):
    print("task: {}".format(n))
    time.sleep(1)


for i in range(1, 4):
    t = threading.Thread(target=run, args=("t{}".format(i),))
    t.start()

time.sleep(0.5)
print(threading.active_count())
