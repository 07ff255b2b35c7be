# submit() hands one call to a pool of processes and returns a Future at once.
# Look at the job: handed over by the main process, run by a worker, and its result taken back.
# The loop asks done() again and again; result() then does not wait.
import os
import threading
import time
from collections import namedtuple
from concurrent.futures import ProcessPoolExecutor
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from urllib.request import ProxyHandler, build_opener

Response = namedtuple('Response', 'url status_code')


class Site(BaseHTTPRequestHandler):
    """Answers for every address of this example, so that it runs without the internet."""

    def do_GET(self):
        time.sleep(0.3)
        self.send_response(200)
        self.send_header('Content-Length', '0')
        self.end_headers()

    def log_message(self, *args):
        pass


def start_server():
    server = ThreadingHTTPServer(('127.0.0.1', 0), Site)
    # Asks once a minute whether it should stop: it must not wake up just as the program ends.
    threading.Thread(target=server.serve_forever, args=[60], name='web server', daemon=True).start()
    # The environment reaches the worker processes too, however they are started.
    os.environ['EXAMPLE_SERVER'] = 'http://127.0.0.1:{}/'.format(server.server_port)


def get(url):
    address = os.environ['EXAMPLE_SERVER'] + url.split('//')[1]
    with build_opener(ProxyHandler({})).open(address) as answer:
        return Response(url, answer.status)


def load_url(url):
    return get(url)


if __name__ == '__main__':
    start_server()
    url = 'https://www.python.org/'
    executor = ProcessPoolExecutor(max_workers=4)  # ThreadPoolExecutor(max_workers=4)
    future = executor.submit(load_url, url)
    print(future)
    while 1:
        if future.done():
            print('status code: {}'.format(future.result().status_code))
            break
        time.sleep(0.1)
