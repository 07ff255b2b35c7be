# Memory that several processes see at once: each child writes into its own part of it, and
# a shared counter needs its lock, or additions get lost.
# Look at get_lock(): the children wait there for each other.
import time
from multiprocessing import Process, Value
from multiprocessing.shared_memory import SharedMemory


def work(number, memory_name, counter):
    memory = SharedMemory(name=memory_name)
    memory.buf[number] = number * number
    memory.close()
    for _ in range(3):
        with counter.get_lock():
            value = counter.value
            time.sleep(0.05)
            counter.value = value + 1


if __name__ == '__main__':
    memory = SharedMemory(create=True, size=8)
    counter = Value('i', 0)
    children = [Process(target=work, args=(n, memory.name, counter)) for n in range(4)]
    for p in children:
        p.start()
    for p in children:
        p.join()
    print("squares: %s" % list(memory.buf[:4]))
    print("counter: %d" % counter.value)
    memory.close()
    memory.unlink()
