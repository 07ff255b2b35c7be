/** Owns what `multiprocessing`, `subprocess` and `os` declare. See library.ts for the language. */

export const multiprocessing = String.raw`
class multiprocessing.Process(group, target, name, args, kwargs, daemon)
  runs target with args kwargs
  join(timeout) !join
  start()
same multiprocessing.process.BaseProcess = multiprocessing.Process
same multiprocessing.context.Process = multiprocessing.Process
same multiprocessing.context.SpawnProcess = multiprocessing.Process
same multiprocessing.context.ForkProcess = multiprocessing.Process
same multiprocessing.dummy.Process = threading.Thread
same multiprocessing.dummy.Pool = multiprocessing.pool.ThreadPool
def multiprocessing.get_context(method) -> module:multiprocessing
def multiprocessing.current_process() -> multiprocessing.Process
def multiprocessing.parent_process() -> multiprocessing.Process
def multiprocessing.active_children() -> list[multiprocessing.Process]

class multiprocessing.pool.Pool(processes, initializer, initargs, maxtasksperchild, context)
  runs initializer with initargs
  map(func, iterable, chunksize) !result runs func over iterable -> list[result:func] for func
  starmap(func, iterable, chunksize) !result runs func spread iterable -> list[result:func] for func
  apply(func, args, kwds) !result runs func with args kwds -> result:func for func
  apply_async(func, args, kwds, callback, error_callback) runs func with args kwds -> multiprocessing.pool.AsyncResult[result:func]
  map_async(func, iterable, chunksize, callback, error_callback) runs func over iterable -> multiprocessing.pool.MapResult[result:func]
  starmap_async(func, iterable, chunksize, callback, error_callback) runs func spread iterable -> multiprocessing.pool.MapResult[result:func]
  imap(func, iterable, chunksize) runs func over iterable -> multiprocessing.pool.IMapIterator[result:func]
  imap_unordered(func, iterable, chunksize) runs func over iterable -> multiprocessing.pool.IMapIterator[result:func]
  join() !join
  close()
  terminate()
  enter -> self
class multiprocessing.pool.ThreadPool < multiprocessing.pool.Pool (processes, initializer, initargs)
  runs initializer with initargs
class multiprocessing.pool.AsyncResult()
  get(timeout) !result -> of
  wait(timeout) !result
class multiprocessing.pool.MapResult < multiprocessing.pool.AsyncResult ()
  get(timeout) !result -> list[of]
class multiprocessing.pool.IMapIterator()
  next !result -> of
  next(timeout) !result -> of
same multiprocessing.pool.ApplyResult = multiprocessing.pool.AsyncResult
same multiprocessing.Pool = multiprocessing.pool.Pool

class multiprocessing.queues.Queue(maxsize)
  get(block, timeout) !get unless block=False unless timeout=0 -> elem
  get_nowait() -> elem
  put(obj, block, timeout) !put unless block=False
  put_nowait(obj)
  close()
  join_thread() !join
class multiprocessing.queues.JoinableQueue < multiprocessing.queues.Queue (maxsize)
  join() !drain
class multiprocessing.queues.SimpleQueue()
  get() !get -> elem
  put(obj) !put
same multiprocessing.Queue = multiprocessing.queues.Queue
same multiprocessing.JoinableQueue = multiprocessing.queues.JoinableQueue
same multiprocessing.SimpleQueue = multiprocessing.queues.SimpleQueue

def multiprocessing.Pipe(duplex) -> (multiprocessing.connection.Connection, multiprocessing.connection.Connection)
class multiprocessing.connection.Connection()
  recv() !recv -> elem
  recv_bytes(maxlength) !recv
  recv_bytes_into(buffer, offset) !recv
  poll(timeout) !recv if timeout
  send(obj) !send
  send_bytes(buf, offset, size) !send
  enter -> self
class multiprocessing.connection.Listener(address, family, backlog, authkey)
  accept() !io -> multiprocessing.connection.Connection
  enter -> self
def multiprocessing.connection.Client(address, family, authkey) !io -> multiprocessing.connection.Connection
def multiprocessing.connection.wait(object_list, timeout) !wait unless timeout=0 for object_list -> list[elements:object_list]

class multiprocessing.Lock < threading.Lock ()
class multiprocessing.RLock < threading.Lock ()
class multiprocessing.Event < threading.Event ()
class multiprocessing.Condition < threading.Condition (lock)
class multiprocessing.Semaphore < threading.Semaphore (value)
class multiprocessing.BoundedSemaphore < threading.Semaphore (value)
class multiprocessing.Barrier < threading.Barrier (parties, action, timeout)
same multiprocessing.synchronize = multiprocessing
class multiprocessing.sharedctypes.Synchronized()
  get_lock() -> multiprocessing.Lock
  get_obj() -> plain
  acquire(block, timeout) !lock unless block=False
  with !lock
def multiprocessing.Value(typecode, args, lock) -> multiprocessing.sharedctypes.Synchronized
def multiprocessing.Array(typecode, args, lock) -> multiprocessing.sharedctypes.Synchronized

class multiprocessing.managers.QueueProxy < queue.Queue (maxsize)
  put(item, block, timeout) !put unless block=False
class multiprocessing.managers.SyncManager < multiprocessing.managers.BaseManager (address, authkey)
  Queue(maxsize) -> multiprocessing.managers.QueueProxy
  JoinableQueue(maxsize) -> multiprocessing.managers.QueueProxy
  Lock() -> multiprocessing.Lock
  RLock() -> multiprocessing.RLock
  Event() -> multiprocessing.Event
  Condition(lock) -> multiprocessing.Condition
  Semaphore(value) -> multiprocessing.Semaphore
  BoundedSemaphore(value) -> multiprocessing.Semaphore
  Barrier(parties) -> multiprocessing.Barrier
  Pool(processes) -> multiprocessing.pool.Pool
  list(items) -> multiprocessing.managers.ListProxy
  dict(items) -> multiprocessing.managers.DictProxy
  Value(typecode, value) -> multiprocessing.managers.ValueProxy
  Array(typecode, items) -> multiprocessing.managers.ListProxy
  Namespace() -> multiprocessing.managers.NamespaceProxy
def multiprocessing.Manager() -> multiprocessing.managers.SyncManager
class multiprocessing.managers.BaseManager(address, authkey)
  start(initializer, initargs) runs initializer with initargs
  connect()
  shutdown()
  join(timeout) !join
  register(typeid, callable)
  get_server() -> multiprocessing.managers.Server
  __getattr__(*args) -> multiprocessing.managers.AutoProxy
  attr address -> plain
  enter -> self
class multiprocessing.managers.Server()
  serve_forever() !event
  attr address -> plain
class multiprocessing.managers.BaseProxy()
  __getattr__(*args) !recv -> plain
  next !recv -> plain
  item !recv
class multiprocessing.managers.AutoProxy < multiprocessing.managers.BaseProxy ()
  get(*args) !get -> plain
  put(*args) !put
  join() !drain
  acquire(*args) !lock
  wait(*args) !event
class multiprocessing.managers.DictProxy < multiprocessing.managers.BaseProxy ()
class multiprocessing.managers.ListProxy < multiprocessing.managers.BaseProxy ()
class multiprocessing.managers.NamespaceProxy()
  item !recv
class multiprocessing.managers.ValueProxy()
  get() !recv -> plain
  set(value) !recv
  item !recv
  attr value -> plain

class subprocess.Popen(args, bufsize, executable, stdin, stdout, stderr)
  wait(timeout) !exit unless timeout=0
  communicate(input, timeout) !exit
  enter -> self
  exit !exit
  attr stdin -> plain
  attr stdout -> subprocess.Pipe
  attr stderr -> subprocess.Pipe
  attr args -> plain
class subprocess.Pipe()
  read(size) !recv -> plain
  read1(size) !recv -> plain
  readline(size) !recv -> plain
  readlines(hint) !recv -> plain
  next !recv -> plain
  fileno() -> plain
  close()
def subprocess.run(args) !exit for args
def subprocess.call(args) !exit for args
def subprocess.check_call(args) !exit for args
def subprocess.check_output(args) !exit for args
def subprocess.getoutput(cmd) !exit for cmd
def subprocess.getstatusoutput(cmd) !exit for cmd
def os.system(command) !exit for command
class os._wrap_close < subprocess.Pipe ()
  close() !exit
  enter -> self
def os.popen(command) -> os._wrap_close
def os.wait() !exit
def os.waitpid(pid, options) !exit unless options=os.WNOHANG unless options=WNOHANG for pid
def os.wait3(options) !exit unless options=os.WNOHANG
def os.wait4(pid, options) !exit unless options=os.WNOHANG for pid
def os.waitid(idtype, id, options) !exit
def os.waitstatus_to_exitcode(status) -> plain
def os.spawnl(mode) !exit unless mode=os.P_NOWAIT
def os.spawnv(mode) !exit unless mode=os.P_NOWAIT
`;

export const concurrentFutures = String.raw`
class concurrent.futures.Executor()
  submit(fn, *args) runs fn given -> concurrent.futures.Future[result:fn]
  map(fn, *iterables) runs fn over -> concurrent.futures.MapResults[result:fn]
  shutdown(wait, cancel_futures) !shutdown unless wait=False
  enter -> self
  exit !shutdown
class concurrent.futures.ThreadPoolExecutor < concurrent.futures.Executor (max_workers, thread_name_prefix, initializer, initargs)
  runs initializer with initargs
class concurrent.futures.ProcessPoolExecutor < concurrent.futures.Executor (max_workers, mp_context, initializer, initargs)
  runs initializer with initargs
class concurrent.futures.InterpreterPoolExecutor < concurrent.futures.ThreadPoolExecutor (max_workers, thread_name_prefix, initializer, initargs)
class concurrent.futures.Future()
  result(timeout) !result unless timeout=0 -> of
  exception(timeout) !result unless timeout=0 -> plain
  add_done_callback(fn) runs fn self
class concurrent.futures.MapResults()
  next !result -> of
  __next__() !result -> of
class concurrent.futures.Completed()
  next !wait -> of
  __next__() !wait -> of
def concurrent.futures.as_completed(fs, timeout) -> concurrent.futures.Completed[elements:fs] for fs
def concurrent.futures.wait(fs, timeout, return_when) !wait unless timeout=0 -> (done=list[elements:fs], not_done=list[elements:fs]) for fs
same concurrent.futures.thread = concurrent.futures
same concurrent.futures.process = concurrent.futures
same concurrent.futures._base = concurrent.futures
same futures = concurrent.futures
`;
