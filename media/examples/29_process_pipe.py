# A pipe has two ends, and both can send and receive (duplex).
# The main process sends 10 through its end, the child computes and sends the answer back.
# Look at the two recv() lines: each waits until the other side has sent.
import time
from multiprocessing import Pipe, Process


class ChildProcess(Process):
    def __init__(self, conn):
        super().__init__()
        self.conn = conn

    def run(self):
        number = self.conn.recv()
        print("child received %d" % number)
        time.sleep(1)
        self.conn.send(number * number)
        self.conn.close()


if __name__ == '__main__':
    parent_conn, child_conn = Pipe()
    child_p = ChildProcess(child_conn)
    child_p.start()
    parent_conn.send(10)
    print("main received %d" % parent_conn.recv())
    child_p.join()
