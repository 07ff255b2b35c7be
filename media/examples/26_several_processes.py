# Several processes at once: start them all, then join them all.
# Look at the joins: each waits only for what is left of its own process, so together they
# take as long as the slowest one.
import time
from multiprocessing import Process, current_process


def work(seconds):
    time.sleep(seconds)
    print("%s worked for %.1f s" % (current_process().name, seconds))


if __name__ == '__main__':
    processes = [Process(target=work, args=(0.5 * n,), name="worker-%d" % n) for n in range(1, 4)]
    for p in processes:
        p.start()
    for p in processes:
        p.join()
    print("all %d processes ended" % len(processes))
