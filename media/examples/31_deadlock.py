# A deadlock: each of two threads holds one lock and waits for the other's, for ever.
# This program does not end by itself: press Stop (or Ctrl+C twice in a terminal).
# Look at the two inner with lines: they stay "waiting", each for the lock the other holds.
# The cure: take the two locks in the same order everywhere.
import threading
import time

left = threading.Lock()
right = threading.Lock()


def left_then_right():
    with left:
        time.sleep(0.5)
        print('A holds left and wants right')
        with right:
            print('never printed')


def right_then_left():
    with right:
        time.sleep(0.5)
        print('B holds right and wants left')
        with left:
            print('never printed')


a = threading.Thread(target=left_then_right, name='A')
b = threading.Thread(target=right_then_left, name='B')
a.start()
b.start()
a.join()
b.join()
