# wait() holds the main process until all futures are done (or the first one: return_when).
# Look at the wait line: it is as long as the slowest of the three fetches.
import os
import threading
import time
from collections import namedtuple
from concurrent.futures import ALL_COMPLETED, ProcessPoolExecutor, wait
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
    get(url)
    print(url)


if __name__ == '__main__':
    start_server()
    with ProcessPoolExecutor(max_workers=4) as executor:
        tasks = [executor.submit(load_url, url) for url in URLS]
        wait(tasks, return_when=ALL_COMPLETED)
        print('all completed.')  # 3つのprintの後にメインプロセスが解放されprintする
