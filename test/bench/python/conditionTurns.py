"""Two threads that take turns: every wait blocks and is ended by the other."""
import threading
import time

turn = threading.Condition()
count = 0


def work(mine):
    global count
    for _ in range(10_000):
        with turn:
            while count % 2 != mine:
                turn.wait()
            count += 1
            turn.notify()


began = time.process_time()
threads = [threading.Thread(target=work, args=(n,)) for n in range(2)]
for thread in threads:
    thread.start()
for thread in threads:
    thread.join()
print((time.process_time() - began) * 1000)
