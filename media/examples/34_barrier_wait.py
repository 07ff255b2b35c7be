# A Barrier lets nobody through until all have arrived.
# Look at meeting.wait(): the quickest thread waits longest, the last one does not wait, and
# it is the last one that lets the others go.
import threading
import time

meeting = threading.Barrier(3)


def walker(name, seconds):
    time.sleep(seconds)
    print('{} arrives'.format(name))
    meeting.wait()
    print('{} goes on'.format(name))


threads = [
    threading.Thread(target=walker, args=('quick', 0.3), name='quick'),
    threading.Thread(target=walker, args=('steady', 0.6), name='steady'),
    threading.Thread(target=walker, args=('slow', 0.9), name='slow'),
]
for t in threads:
    t.start()
for t in threads:
    t.join()
