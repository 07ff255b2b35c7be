# join() holds the main process until its child has ended: "terminated" always comes last.
# Look at child_p.join(): about 10 seconds. Take the line away and the main process says
# its last word first.
import time

from multiprocessing import Process, current_process


class ChildProcess(Process):
    def run(self):
        p = current_process()
        print("New process -> [%s] %s" % (p.pid, p.name))
        time.sleep(10)
        print("[%s] %s terminated" % (p.pid, p.name))


if __name__ == '__main__':
    parent_p = current_process()
    print("I'm main process -> [%s] %s" % (parent_p.pid, parent_p.name))

    child_p = ChildProcess()
    child_p.start()
    child_p.join()

    print("[%s] %s terminated" % (parent_p.pid, parent_p.name))
