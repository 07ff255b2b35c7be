import { expectMarked, expectUnmarked } from './analysisSupport';

describe('what fields, patterns and draws hold', () => {
  it('named tuples and dataclasses hold what they were made with', () =>
    expectMarked(`
import queue, threading
from collections import namedtuple
from dataclasses import dataclass
from typing import Any, NamedTuple
Channel = namedtuple("Channel", "requests, replies")
class Job(NamedTuple):
    number: int
    done: threading.Event
@dataclass
class Box:
    inside: Any
def serve(channel):
    channel.requests.get()  #: get channel.requests
ch = Channel(queue.Queue(), replies=queue.Queue(1))
serve(ch)
ch.replies.put(1)  #: put ch.replies
requests, _ = ch
requests.get()  #: get requests
job = Job(1, threading.Event())
number, done = job
done.wait()  #: event done
job[1].wait()  #: event job[1]
Box(threading.Lock()).inside.acquire()  #: lock Box(threading.Lock()).inside
`));

  it('names of match patterns', () =>
    expectMarked(`
import queue, threading
def actor(mailbox: queue.Queue):
    match mailbox.get():  #: get mailbox
        case ("ask", reply):
            reply.put(1)  #: put reply
        case {"until": event}:
            event.wait()  #: event event
        case threading.Thread() as t:
            t.join()  #: join t
        case other:
            other.unknown()
box = queue.Queue()
box.put(("ask", queue.Queue(1)))
box.put({"until": threading.Event()})
actor(box)
`));

  it('lazy results wait where they are drawn', () =>
    expectMarked(`
from concurrent.futures import ThreadPoolExecutor, wait
ex = ThreadPoolExecutor()
first, *rest = ex.map(len, xs)  #: result len()
print(*ex.map(len, xs))  #: result len()
print(", ".join(ex.map(str, xs)))  #: result str()
found = []
found.extend(ex.map(len, xs))  #: result len()
both = wait([ex.submit(f)])  #: wait f()
for future in both.done:
    future.result()  #: result both.done
`));

  it('the output of a program, as it comes', () =>
    expectMarked(`
import subprocess
p = subprocess.Popen(["ls"], stdout=subprocess.PIPE, text=True)
for line in p.stdout:  #: recv p.stdout
    print(line)
p.stdout.readline()  #: recv p.stdout
p.stdin.write("x")
p.wait()  #: exit p
`));

  it('functions called by another name', () =>
    expectMarked(`
import queue, threading
def stage(fn):
    def start(inbox):
        inbox.get()  #: get inbox
    return start
@stage
def double(x): return 2 * x
handlers = {"event": lambda e: e, "wait": None}
def wait_for(e):
    e.wait()  #: event e
handlers["wait"] = wait_for
def build(*stages):
    for s in stages:
        s(queue.Queue())
build(double)
handlers["wait"](threading.Event())
`));

  it('guesses, by name and arguments', () =>
    expectMarked(`
def f(loop, thread, process, pool, sem, event):
    loop.run_until_complete(g())  #: await? loop
    thread.join(2.5)  #: join? thread
    process.communicate(b"x")  #: exit? process
    pool().apply_async(h, (1,)).get()  #: result? pool().apply_async()
    event.wait(timeout)  #: event? event
    sem.acquire(timeout=0)
    event.wait(0)
    thread.join(names)
`));

  it('no guess about the futures of asyncio', () =>
    expectUnmarked(`
import asyncio
def show(future):
    print(future.result())
`));

  it('no guess about a future that calls back when it is done', () =>
    expectMarked(`
def watch(future, other):
    def done(future):
        print(future.result())
    future.add_done_callback(done)
    other.result()
    future.result()  #: result? future
`));

  it('keys of a TypedDict', () =>
    expectMarked(`
import threading, typing
from typing import TypedDict
class Shared(TypedDict):
    lock: threading.Lock
    done: "threading.Event"
class More(Shared, total=False):
    label: str
def work(shared: Shared, more: typing.Optional[More]):
    with shared["lock"]:  #: lock shared["lock"]
        shared["done"].wait()  #: event shared["done"]
    more["done"].wait()  #: event more["done"]
    more["label"].join([])
`));

  it('what a lock does when a with statement of another one enters it', () =>
    expectMarked(`
import threading
class Guarded:
    def __init__(self):
        self.lock = threading.RLock()
        self.slots = threading.Semaphore(2)
    def __enter__(self):
        self.slots.__enter__()  #: semaphore self.slots
        self.lock.__enter__()  #: lock self.lock
        return self
    def __exit__(self, *error):
        self.lock.__exit__(*error)
with Guarded():
    pass
`));

  it('sockets that were told not to block', () =>
    expectMarked(`
import socket
class Server:
    def __init__(self, peer):
        self.sock = socket.create_server(("", 0))
        self.peer = socket.create_connection(peer)  #: io peer
        self.sock.setblocking(False)
    def accept(self):
        self.peer.recv(1)  #: io self.peer
        conn, _ = self.sock.accept()
        conn.settimeout(0)
        return conn.recv(10)
client = socket.socket()
client.connect(("", 1))  #: io "", 1
client.setblocking(False)
client.recv(1)
other = socket.socket()
other.setblocking(False)
other.setblocking(True)
other.recv(1)  #: io other
near, far = socket.socketpair()
near.setblocking(False)
near.send(b"x")
far.send(b"x")  #: io far
socket.getaddrinfo("localhost", 80)  #: io "localhost"
`));

  it('what a test case calls for its error', () =>
    expectMarked(`
import queue, socket, time, unittest
class Cases(unittest.TestCase):
    def test(self):
        q = queue.Queue()
        self.assertRaises(queue.Empty, q.get, timeout=1)  #: get q
        self.assertRaises(queue.Empty, q.get, False)
        self.assertRaisesRegex(ValueError, "x", time.sleep, -1)  #: sleep -1 s
        self.assertRaises(ValueError, int, "x")
        self.assertRaises(ValueError)
        self.assertRaises(OSError, socket.socket().recv, -1)
`));

  it('what lies beyond functions that all call each other', () => {
    const names = Array.from({ length: 14 }, (_, index) => `f${index}`);
    const body = names.map(name => `    if x: return ${name}(x)`).join('\n');
    const circle = names.map(name => `def ${name}(x):\n${body}`).join('\n');
    return expectMarked(`
import threading
${circle}
${names.map(name => `${name}(1).join()`).join('\n')}
class Own:
    def __init__(self):
        self.hands = [threading.Thread(target=name) for name in (${names.join(', ')})]
    def stop(self):
        for hand in self.hands: hand.join()  #: join 14 hands
`);
  });

  it('what lies in a heap', () =>
    expectMarked(`
import heapq, threading
from heapq import heappush, heappop
jobs, later = [], []
heapq.heappush(jobs, (1, threading.Thread()))
heappush(later, threading.Event())
order, thread = heapq.heappop(jobs)
thread.join()  #: join thread
heappop(later).wait()  #: event heappop()
jobs[0][1].join()  #: join jobs[0][1]
`));

  it('one or some of many, taken at random', () =>
    expectMarked(`
import random, threading
ts = [threading.Thread() for _ in range(9)]
random.choice(ts).join()  #: join random.choice()
for t in random.sample(ts, 2):
    t.join()  #: join t
`));

  it('the object in the wrapper of a decorator of methods', () =>
    expectMarked(`
import functools, threading
def synchronized(method):
    @functools.wraps(method)
    def wrapper(self, *args):
        with self._lock:  #: lock self._lock
            return method(self, *args)
    return wrapper
def limited(seconds):
    def decorate(method):
        def call(this):
            this.slots.acquire(timeout=seconds)  #: semaphore this.slots
            method(this)
        return call
    return decorate
class Counter:
    def __init__(self):
        self._lock = threading.Lock()
        self.slots = threading.Semaphore()
    @synchronized
    def add(self, n): pass
    @limited(3)
    def take(self): pass
`));

  it('what a server of asyncio hands to its handler', () =>
    expectMarked(`
import asyncio
from functools import partial
class Echo:
    async def handle(self, reader, writer):
        await reader.readline()  #: io reader
        await writer.drain()  #: io writer
    async def main(self):
        await asyncio.start_server(self.handle, "", 0)  #: await asyncio.start_server()
async def plain(r, w):
    async for line in r: pass  #: io r
async def main():
    await asyncio.start_server(plain, port=0)  #: await asyncio.start_server()
    await asyncio.gather(*map(partial(plain, 1), "ab"))  #: wait plain()
`));

  it('what a starter of its own hands to the function that it starts', () =>
    expectMarked(`
import threading
def spawn(fn, *args):
    threading.Thread(target=fn, args=args).start()
def guard(fn, *args):
    def run(*given):
        fn(*given)
    threading.Thread(target=run, args=args).start()
def later(pool, fn, *args):
    return pool.submit(fn, *args)
def one(label, ready):
    ready.wait()  #: event ready
def two(label, ready):
    ready.wait()  #: event ready
def three(label, ready):
    ready.wait()  #: event ready
def main(pool):
    spawn(one, "a", threading.Event())
    guard(two, "a", threading.Event())
    from concurrent.futures import ThreadPoolExecutor
    later(ThreadPoolExecutor(), three, "a", threading.Event())
`));
});
