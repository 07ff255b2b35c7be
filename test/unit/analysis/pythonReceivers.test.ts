import { expectMarked } from './analysisSupport';

describe('wait points of Python threads and queues, by how the receiver is reached', () => {
  it('variables and aliases of the import', () =>
    expectMarked(`
import threading, time as clock
from threading import Thread as T
from time import sleep as nap
a = threading.Thread(target=print)
b = T(name="Thread T2")
c = a
a.join()  #: join a
b.join(2)  #: join Thread T2
c.join(timeout=1)  #: join c
clock.sleep(1)  #: sleep 1 s
nap(0.5)  #: sleep 0.5 s
`));

  it('star imports', () =>
    expectMarked(`
from threading import *
from queue import *
t = Thread()
t.join()  #: join t
Queue().get()  #: get Queue()
`));

  it('lists, comprehensions, loops, zip, enumerate and slices', () =>
    expectMarked(`
import threading
threads = [threading.Thread(target=print) for _ in range(3)]
for t in threads:
    t.join()  #: join 3 threads
grown = []
for i in range(3):
    u = threading.Thread()
    grown.append(u)
for i, u in enumerate(grown):
    u.join()  #: join u
for v, name in zip(grown[1:], "ab"):
    v.join()  #: join v
[w.join() for w in grown]  #: join grown
grown[0].join()  #: join grown[0]
grown.pop().join()  #: join grown.pop()
first, *rest = threads
first.join()  #: join first
rest[0].join()  #: join rest[0]
pair = (threading.Thread(), 1)
pair[0].join()  #: join pair[0]
x, y = threading.Thread(), 2
x.join()  #: join x
y.join()
`));

  it('dictionaries', () =>
    expectMarked(`
import threading, collections
d = {}
d["a"] = threading.Thread()
d["a"].join()  #: join d["a"]
d.get("a").join()  #: join d.get()
for name, t in d.items():
    t.join()  #: join t
for t in d.values():
    t.join()  #: join t
mixed = {"t": threading.Thread(), "n": 1}
mixed["t"].join()  #: join mixed["t"]
mixed["n"].join()
locks = collections.defaultdict(threading.Lock)
with locks["x"]:  #: lock locks["x"]
    pass
`));

  it('attributes of self, inheritance and overridden methods', () =>
    expectMarked(`
import threading, queue

class Base(threading.Thread):
    def __init__(self):
        super().__init__()
        self.done = threading.Event()

class Worker(Base):
    def __init__(self, q):
        super().__init__()
        self.q = q
    def run(self):
        self.q.get()  #: get self.q
        self.done.wait(1)  #: event self.done
    def finish(self):
        self.join()  #: join self

class Quiet(threading.Thread):
    def join(self, timeout=None):
        super().join(timeout)  #: join self

w = Worker(queue.Queue())
w.join()  #: join w
w.done.wait()  #: event w.done
Quiet().join()
`));

  it('parameters through calls, thread targets, submit, lambda and partial', () =>
    expectMarked(`
import threading, queue
from functools import partial
from concurrent.futures import ThreadPoolExecutor

def direct(t): t.join()  #: join t
def target(q): q.get()  #: get q
def keyword(*, q): q.get()  #: get q
def submitted(lock, n):
    with lock:  #: lock lock
        pass
def bound(event): event.wait()  #: event event
def wait_all(*threads):
    for t in threads: t.join()  #: join threads

t = threading.Thread(target=target, args=(queue.Queue(),))
threading.Thread(target=keyword, kwargs={"q": queue.Queue()})
direct(t)
wait_all(t, t)
with ThreadPoolExecutor(2) as ex:  #: shutdown 2 workers
    ex.submit(submitted, threading.Lock(), 3)
threading.Thread(target=partial(bound, threading.Event())).start()
list(map(lambda one: one.join(), [t]))  #: join one
`));

  it('return values, closures, global, walrus, properties and context managers', () =>
    expectMarked(`
import threading
from contextlib import contextmanager
worker = None

def make(name):
    t = threading.Thread(name=name)
    return t

def setup():
    global worker
    worker = make("a")

def outer():
    gate = threading.Event()
    def inner():
        gate.wait()  #: event gate
    return inner

class Holder:
    @property
    def thread(self): return make("p")
    def __enter__(self): return make("h")
    def __exit__(self, *e): pass

@contextmanager
def running():
    yield make("r")

setup()
worker.join()  #: join worker
make("x").join()  #: join make()
if (w := make("y")):
    w.join()  #: join w
Holder().thread.join()  #: join Holder().thread
with Holder() as h:
    h.join()  #: join h
with running() as r:
    r.join()  #: join r
`));

  it('annotations, quoted and generic', () =>
    expectMarked(`
import threading, queue
from typing import Optional, List, Dict

def a(t: threading.Thread): t.join()  #: join t
def b(t: "threading.Thread"): t.join()  #: join t
def c(t: Optional[threading.Thread]): t.join()  #: join t
def d(ts: List["threading.Thread"]):
    for t in ts: t.join()  #: join ts
def e(m: Dict[str, queue.Queue]): m["a"].get()  #: get m["a"]
def f(q: queue.Queue | None): q.get()  #: get q
def g() -> threading.Thread: ...
g().join()  #: join g()
class S:
    inbox: "queue.Queue[int]"
    def take(self): return self.inbox.get()  #: get self.inbox
`));

  it('what a name holds where it is used, not what it holds elsewhere', () =>
    expectMarked(`
import threading
x = threading.Thread()
x.join()  #: join x
x = ", "
x.join(["a"])
y = "-"
for _ in range(2):
    y.join([])
`));

  it('a module that the fragment forgot to import', () =>
    expectMarked(`
p = subprocess.Popen(["df", "-h"])
p.wait()  #: exit p
t = threading.Thread()
t.join()  #: join t
`));
});
