import { expectMarked } from './analysisSupport';

describe('wait points of Python classes that leave something to their heirs', () => {
  it('a method or attribute that only a derived class gives', () =>
    expectMarked(`
import queue, threading

class Stage:
    kind = None
    def __init__(self):
        self.box = self.make_box()
        self.other = self.kind()
    def make_box(self):
        raise NotImplementedError
    def feed(self, item):
        self.accept(Parcel(item, queue.Queue()))
    def drain(self):
        self.box.get()  #: get self.box
        self.other.get()  #: get self.other

class Parcel:
    def __init__(self, item, reply):
        self.item, self.reply = item, reply

class Buffered(Stage):
    kind = queue.LifoQueue
    def make_box(self):
        return queue.Queue()
    def accept(self, parcel):
        parcel.reply.get()  #: get parcel.reply
`));

  it('queues of a class of their own are bounded by what their constructor is given', () =>
    expectMarked(`
import queue

class Newest(queue.Queue):
    def keep(self, item):
        self.put(item)

class Sized(queue.Queue):
    def keep(self, item):
        self.put(item)  #: put self

class Fixed(queue.PriorityQueue):
    def __init__(self, label):
        super().__init__(8)
        self.label = label

class Endless(queue.PriorityQueue):
    def __init__(self, label):
        queue.PriorityQueue.__init__(self)

Newest().put(1)
Sized(3).put(1)  #: put Sized()
Fixed("a").put(1)  #: put Fixed()
Endless("a").put(1)
`));

  it('a class that bears the name of a generic type', () =>
    expectMarked(`
import threading
from typing import Generic, TypeVar
T = TypeVar("T")

class Promise(Generic[T]):
    def __init__(self):
        self.kept = threading.Event()
    def get(self, timeout=None):
        self.kept.wait(timeout)  #: event self.kept
    def then(self, fn) -> "Promise[T]":
        ...
    def also(self) -> Promise[T]:
        ...

q = Promise()
q.also().get()
q = q.also()
q.get(timeout=1)
`));

  it('what the file hangs on one object of a library', () =>
    expectMarked(`
import queue, threading

def in_background(fn):
    def start(*args):
        answers = queue.Queue()
        t = threading.Thread(target=lambda: answers.put(fn(*args)))
        t.answers = answers
        t.start()
        return t
    return start

@in_background
def slow(n):
    return n

job = slow(1)
job.answers.get()  #: get job.answers
job.join()  #: join job
`));

  it('a dictionary handed on as keywords', () =>
    expectMarked(`
import queue
def wire(**lines):
    lines["out"].put(1)  #: put lines["out"]
    lines["back"].put(2)
    lines["back"].get()  #: get lines["back"]
ends = {"out": queue.Queue(1), "back": queue.Queue()}
wire(**ends)
`));
});

describe('uncertain wait points of Python', () => {
  it('a coroutine that is handed on waits only where it is awaited', () =>
    expectMarked(`
import asyncio
def until_stopped(fn):
    async def run(self):
        tasks = {asyncio.ensure_future(self.stop_event.wait()), asyncio.create_task(fn(self))}
        await asyncio.wait(tasks)  #: wait 2 tasks
    return run
`));

  it('ends of pipes where multiprocessing is used', () =>
    expectMarked(`
import multiprocessing
def serve(pipe, conn, sock):
    if pipe.poll(0.5):  #: recv? pipe
        pipe.recv()  #: recv? pipe
    conn.send({"a": 1})  #: send? conn
    pipe.poll()
    conn.recv(1024)
    sock.send(b"x")
`));

  it('connections of other kinds are left alone', () =>
    expectMarked(`
def serve(pipe, conn):
    pipe.recv()
    conn.send("SELECT 1")
`));

  it('an event loop by its methods, whatever made it', () =>
    expectMarked(`
class Base:
    def make_loop(self):
        raise NotImplementedError
    def go(self, coro):
        self.engine = self.make_loop()
        self.engine.run_until_complete(coro)  #: await? self.engine
`));

  it('an event loop that another library made', () =>
    expectMarked(`
import uvloop
loop = uvloop.new_event_loop()
loop.run_until_complete(main())  #: await? loop
loop.run_forever()  #: await? loop
uvloop.queue().get()
`));
});

describe('wait points of the standard library for the network', () => {
  it('http, urllib and files made of sockets', () =>
    expectMarked(`
import http.client, http.server, socket, socketserver, urllib.request
with urllib.request.urlopen("http://x") as answer:  #: io "http://x"
    answer.read()  #: io answer
c = http.client.HTTPConnection("x")
c.request("GET", "/")  #: io c
r = c.getresponse()  #: io c
class Echo(socketserver.StreamRequestHandler):
    def handle(self):
        for line in self.rfile:  #: io self.rfile
            self.wfile.write(line)  #: io self.wfile
class Page(http.server.BaseHTTPRequestHandler):
    def do_GET(self):
        self.wfile.write(b"")  #: io self.wfile
f = socket.create_connection(("x", 1)).makefile()  #: io "x", 1
f.readline()  #: io f
`));
});
