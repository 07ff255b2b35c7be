# A process class of one's own that watches a web site five times, while the main process
# does something else.
# Look at the two processes: the main one is done after 10 seconds and then waits for its
# child, because a process that is no daemon is always waited for at the end.
import os
import threading
import time
from collections import namedtuple
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from multiprocessing import Process, current_process
from urllib.request import ProxyHandler, build_opener

Response = namedtuple('Response', 'url status_code')


class Site(BaseHTTPRequestHandler):
    """Answers for every address of this example, so that it runs without the internet."""

    def do_GET(self):
        time.sleep(0.1)
        self.send_response(200)
        self.send_header('Content-Length', '0')
        self.end_headers()

    def log_message(self, *args):
        pass


def start_server():
    server = ThreadingHTTPServer(('127.0.0.1', 0), Site)
    # Asks once a minute whether it should stop: it must not wake up just as the program ends.
    threading.Thread(target=server.serve_forever, args=[60], name='web server', daemon=True).start()
    # The environment reaches the other process too, however it is started.
    os.environ['EXAMPLE_SERVER'] = 'http://127.0.0.1:{}/'.format(server.server_port)


def get(url):
    address = os.environ['EXAMPLE_SERVER'] + url.split('//')[1]
    with build_opener(ProxyHandler({})).open(address) as answer:
        return Response(url, answer.status)


class ChildProcess(Process):
    def run(self):
        p = current_process()
        print("New process -> [%s] %s" % (p.pid, p.name))
        for _ in range(5):
            resp = get('https://example.com')
            print('example.com [%d]' % resp.status_code)
            time.sleep(3)
        print("[%s] %s terminated" % (p.pid, p.name))


if __name__ == '__main__':
    start_server()
    parent_p = current_process()
    print("I'm main process -> [%s] %s" % (parent_p.pid, parent_p.name))

    child_p = ChildProcess()
    child_p.start()

    for _ in range(5):
        print("I'm main process, doing a job now")
        time.sleep(2)

    print("[%s] %s terminated" % (parent_p.pid, parent_p.name))
