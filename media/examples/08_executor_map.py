# executor.map() runs one call per address in worker processes and gives the results in the
# order of the addresses, whichever is ready first.
# Look at the for line: the main process waits there for the next result in order.
import os
import threading
import time
from collections import namedtuple
from concurrent.futures import ProcessPoolExecutor
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from urllib.request import ProxyHandler, build_opener

Response = namedtuple('Response', 'url status_code')

URLS = ['https://google.com', 'https://www.python.org/', 'https://api.github.com/']


class Site(BaseHTTPRequestHandler):
    """Answers for every address of this example, so that it runs without the internet."""

    def do_GET(self):
        time.sleep(0.03 * len(self.path))  # a longer address takes longer
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
    # with ThreadPoolExecutor(max_workers=4) as executor:
    with ProcessPoolExecutor(max_workers=4) as executor:
        for url, data in zip(URLS, executor.map(load_url, URLS)):
            print('{} - status_code {}'.format(url, data.status_code))
