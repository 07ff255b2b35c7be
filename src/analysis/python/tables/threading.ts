/** Owns what `threading`, `queue`, `time`, `_thread`, `contextlib` and the few waiting built-ins declare. See library.ts for the language. */

export const threading = String.raw`
class threading.Thread(group, target, name, args, kwargs, daemon)
  runs target with args kwargs
  join(timeout) !join
  start()
class threading.Timer < threading.Thread (interval, function, args, kwargs)
  runs function with args kwargs
  attr finished -> threading.Event
class threading.Lock()
  acquire(blocking, timeout) !lock unless blocking=False unless timeout=0
  release()
  locked()
  with !lock
  enter -> plain
  __enter__() !lock
class threading.RLock < threading.Lock ()
class threading.Condition(lock)
  acquire(blocking, timeout) !lock unless blocking=False
  with !lock
  enter -> plain
  __enter__() !lock
  wait(timeout) !condition
  wait_for(predicate, timeout) !condition
class threading.Event()
  wait(timeout) !event unless timeout=0
class threading.Semaphore(value)
  acquire(blocking, timeout) !semaphore unless blocking=False unless timeout=0
  with !semaphore
  enter -> plain
  __enter__() !semaphore
class threading.BoundedSemaphore < threading.Semaphore (value)
class threading.Barrier(parties, action, timeout)
  wait(timeout) !barrier
class threading.local()
def threading.current_thread() -> threading.Thread
def threading.main_thread() -> threading.Thread
def threading.enumerate() -> list[threading.Thread]
same threading.currentThread = threading.current_thread
same threading._RLock = threading.RLock
same threading._DummyThread = threading.Thread
def _thread.allocate_lock() -> threading.Lock
same _thread.allocate = _thread.allocate_lock
same _thread.LockType = threading.Lock
def _thread.start_new_thread(function, args, kwargs) runs function with args kwargs
same thread = _thread

class queue.Queue(maxsize)
  get(block, timeout) !get unless block=False unless timeout=0 -> elem
  get_nowait() -> elem
  put(item, block, timeout) !put unless block=False bounded maxsize
  put_nowait(item)
  join() !drain
class queue.LifoQueue < queue.Queue (maxsize)
class queue.PriorityQueue < queue.Queue (maxsize)
class queue.SimpleQueue()
  get(block, timeout) !get unless block=False unless timeout=0 -> elem
  get_nowait() -> elem
  put(item, block, timeout)
same Queue = queue

def time.sleep(seconds) !sleep for seconds
def signal.pause() !io
def signal.sigwait(sigset) !io
def signal.sigwaitinfo(sigset) !io
def signal.sigtimedwait(sigset, timeout) !io
def input(prompt) !io
`;
