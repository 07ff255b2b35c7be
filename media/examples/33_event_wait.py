# An Event is a gate: every thread that waits for it goes on as soon as it is set.
# Look at the three ready.wait() lines: all end at the same moment, by the main thread's set().
import threading
import time

ready = threading.Event()


def runner(name):
    print('{} waits for the signal'.format(name))
    ready.wait()
    print('{} runs'.format(name))


threads = [threading.Thread(target=runner, args=(name,), name=name) for name in ('Ann', 'Ben', 'Cid')]
for t in threads:
    t.start()
time.sleep(1)
print('go')
ready.set()
for t in threads:
    t.join()
