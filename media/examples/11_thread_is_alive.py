# A thread cannot return a value: it writes its result into a dict that it was given.
# Look at the main thread: it asks is_alive() every second and does not wait at join(),
# because the thread has long ended by then.
import time
import threading


def nijou(x, result):
    print('input: %d' % x)
    time.sleep(3)
    result[threading.current_thread().name] = x * x
    print('double:', result)


if __name__ == "__main__":
    result = dict()
    thread = threading.Thread(target=nijou, args=[4, result], name='thread1')

    thread.start()
    for k in range(6):
        time.sleep(1)
        print(thread.is_alive())
    thread.join()
    print(result)
