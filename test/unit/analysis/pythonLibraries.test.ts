import { expectMarked } from './analysisSupport';

describe('wait points of Python libraries', () => {
  it('locks, conditions, semaphores, events and barriers', () =>
    expectMarked(`
import threading
lock, cond, sem = threading.Lock(), threading.Condition(), threading.Semaphore(2)
with lock, sem:  #: lock lock; semaphore sem
    lock.acquire(False)
    lock.acquire(blocking=False)
    lock.acquire(timeout=1)  #: lock lock
with cond:  #: lock cond
    cond.wait()  #: condition cond
    cond.wait_for(lambda: True)  #: condition cond
    cond.notify()
threading.Barrier(2).wait()  #: barrier threading.Barrier()
take = lock.acquire
take()  #: lock lock
`));

  it('queues: only a bounded put waits', () =>
    expectMarked(`
import queue
q, small = queue.Queue(), queue.Queue(maxsize=2)
q.put(1)
small.put(1)  #: put small
small.put_nowait(1)
q.get()  #: get q
q.get(False)
q.get_nowait()
q.join()  #: drain q
for item in iter(q.get, None):  #: get q
    pass
def unknown_limit(n):
    some = queue.Queue(n)
    some.put(1)  #: put some
`));

  it('multiprocessing', () =>
    expectMarked(`
import multiprocessing as mp
from multiprocessing import Pool, Process
from multiprocessing.connection import wait
p = Process(target=print, name="child")
p.join()  #: join child
with Pool(2) as pool:
    pool.map(str, [1])  #: result str()
    r = pool.apply_async(str, (1,))
    r.get()  #: result r
    for x in pool.imap(str, [1]):  #: result str()
        pass
a, b = mp.Pipe()
a.send(1)  #: send a
b.recv()  #: recv b
b.poll()
b.poll(1)  #: recv b
wait([a, b])  #: wait a, b
q = mp.get_context("spawn").Queue()
q.get()  #: get q
with mp.Manager() as m:
    m.Queue().get()  #: get m.Queue()
v = mp.Value("i", 0)
with v.get_lock():  #: lock v.get_lock()
    pass
`));

  it('executors and futures, also where results are drawn later', () =>
    expectMarked(`
from concurrent import futures
from concurrent.futures import ThreadPoolExecutor, as_completed, wait
def job(n): return n
ex = ThreadPoolExecutor()
fs = [ex.submit(job, n) for n in range(3)]
for f in as_completed(fs):  #: wait fs
    f.result()  #: result f
wait(fs)  #: wait fs
futures.wait(fs, return_when=futures.FIRST_COMPLETED)  #: wait fs
results = ex.map(job, [1])
list(results)  #: result results
for a, r in zip([1], ex.map(job, [1])):  #: result zip()
    pass
ex.submit(job, 1).add_done_callback(lambda done: done.result())  #: result done
ex.shutdown(wait=False)
ex.shutdown()  #: shutdown ex
`));

  it('asyncio: every await, async with and async for', () =>
    expectMarked(`
import asyncio
async def fetch(n):
    await asyncio.sleep(n)  #: sleep n s
    return n
async def main():
    q, lock = asyncio.Queue(), asyncio.Lock()
    await fetch(1)  #: await fetch()
    await asyncio.gather(fetch(1), fetch(2))  #: wait fetch(), fetch()
    await q.get()  #: get q
    q.put_nowait(1)
    async with lock:  #: lock lock
        pass
    async with asyncio.TaskGroup() as group:  #: wait asyncio.TaskGroup()
        t = group.create_task(fetch(1))
    await t  #: await t
    await asyncio.to_thread(print)  #: result print()
    await asyncio.wait_for(fetch(1), 2)  #: await fetch()
    async for line in reader():  #: await reader()
        print(await line)  #: await line
    t.result()
asyncio.run(main())  #: await main()
`));

  it('subprocess, os, sockets and input', () =>
    expectMarked(`
import os, socket, subprocess, sys
subprocess.run(["ls", "-l"])  #: exit ls
subprocess.run([sys.executable, "-c", "1"])  #: exit python
with subprocess.Popen("cat file") as p:  #: exit cat
    p.communicate()  #: exit p
os.waitpid(1, os.WNOHANG)
os.waitpid(1, 0)  #: exit 1
s = socket.socket()
conn, addr = s.accept()  #: io s
conn.recv(10)  #: io conn
input("? ")  #: io input()
`));

  it('libraries that are only a table', () =>
    expectMarked(`
import trio, anyio, gevent, joblib, ray
from dask.distributed import Client
from joblib import Parallel, delayed
async def a():
    await trio.sleep(1)  #: sleep 1 s
    async with trio.open_nursery() as n:  #: wait trio.open_nursery()
        n.start_soon(a)
    async with anyio.create_task_group() as g:  #: wait anyio.create_task_group()
        g.start_soon(a)
g = gevent.spawn(print)
gevent.joinall([g])  #: wait g
g.get()  #: result g
Parallel(n_jobs=2)(delayed(print)(i) for i in range(3))  #: wait delayed(print)()
client = Client()
client.submit(print).result()  #: result print()
ray.get(ref)  #: result ref
`));

  it('what lives in the process of a manager', () =>
    expectMarked(`
from multiprocessing import Manager, Process
from multiprocessing.managers import BaseManager

def work(shared, names, ns):
    shared["a"] = 1  #: recv shared
    shared["b"] += 1  #: recv shared
    names.append("x")  #: recv names
    ns.last = names[0]  #: recv ns; recv names
    print(len(names))  #: recv names

class Queues(BaseManager): pass
Queues.register("jobs")

with Manager() as manager:
    shared, names = manager.dict(), manager.list()
    counter = manager.Value("i", 0)
    counter.value += 1  #: recv counter
    p = Process(target=work, args=(shared, names, manager.Namespace()))
    p.join()  #: join p
    for name in names:  #: recv names
        shared.pop(name)  #: recv shared
queues = Queues()
queues.connect()
jobs = queues.jobs()
jobs.put(1)  #: put jobs
jobs.get(timeout=1)  #: get jobs
plain = {"a": 1}
plain["a"] = len(plain)
`));
});

describe('the names of programs in Python', () => {
  it('are those of the command, however it is put together', () =>
    expectMarked(`
import os, shlex, subprocess, sys
from subprocess import Popen
cmd, tool = ["make"], "x"
subprocess.run(["ls"] + cmd)  #: exit ls
subprocess.run(cmd + ["-j"])  #: exit cmd
subprocess.run([*cmd, "-j"])  #: exit cmd
subprocess.run([tool, "-j"])  #: exit tool
subprocess.run([sys.executable] + cmd)  #: exit python
subprocess.check_call("git clone {}".format(tool), shell=True)  #: exit git
subprocess.run(f"{tool} -v", shell=True)  #: exit tool
subprocess.run(tool.split())  #: exit tool
subprocess.run(shlex.split(tool))  #: exit tool
os.system("echo %s" % tool)  #: exit echo
Popen(["df", "-h"]).communicate()  #: exit df
subprocess.run(command_for(tool))  #: exit subprocess.run()
os.waitpid(-1, 0)  #: exit any child
`));
});
