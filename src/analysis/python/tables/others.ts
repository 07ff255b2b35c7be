/** Owns what libraries outside the standard one declare. Each is a text of its own: to add one, add a text. See library.ts for the language. */

const trio = String.raw`
async def trio.sleep(seconds) !sleep for seconds
async def trio.sleep_forever() !sleep
async def trio.sleep_until(deadline) !sleep
def trio.run(async_fn, *args) runs async_fn given !await for async_fn
class trio.Nursery()
  start_soon(async_fn, *args) runs async_fn given
  async start(async_fn, *args) runs async_fn given !await
  async with !wait
  enter -> self
def trio.open_nursery() -> trio.Nursery
class trio.Event()
  async wait() !event
class trio.Lock()
  async acquire() !lock
  async with !lock
class trio.Semaphore(initial_value)
  async acquire() !semaphore
  async with !semaphore
class trio.CapacityLimiter(total_tokens)
  async acquire() !semaphore
  async with !semaphore
class trio.Condition(lock)
  async wait() !condition
  async with !lock
class trio.MemorySendChannel()
  async send(value) !put
  enter -> self
class trio.MemoryReceiveChannel()
  async receive() !get
  async next !get
  enter -> self
def trio.open_memory_channel(max_buffer_size) -> (trio.MemorySendChannel, trio.MemoryReceiveChannel)
async def trio.to_thread.run_sync(sync_fn, *args) runs sync_fn given !result for sync_fn
def trio.from_thread.run(afn, *args) runs afn given !result for afn
def trio.from_thread.run_sync(fn, *args) runs fn given !result for fn
`;

const anyio = String.raw`
async def anyio.sleep(delay) !sleep for delay
async def anyio.sleep_forever() !sleep
def anyio.run(func, *args) runs func given !await for func
class anyio.abc.TaskGroup()
  start_soon(func, *args) runs func given
  async start(func, *args) runs func given !await
  async with !wait
  enter -> self
def anyio.create_task_group() -> anyio.abc.TaskGroup
class anyio.Event()
  async wait() !event
class anyio.Lock()
  async acquire() !lock
  async with !lock
class anyio.Semaphore(initial_value)
  async acquire() !semaphore
  async with !semaphore
class anyio.CapacityLimiter(total_tokens)
  async acquire() !semaphore
  async with !semaphore
class anyio.Condition()
  async wait() !condition
  async with !lock
class anyio.streams.SendStream()
  async send(item) !put
  enter -> self
class anyio.streams.ReceiveStream()
  async receive() !get
  async next !get
  enter -> self
def anyio.create_memory_object_stream(max_buffer_size) -> (anyio.streams.SendStream, anyio.streams.ReceiveStream)
async def anyio.to_thread.run_sync(func, *args) runs func given !result for func
async def anyio.to_process.run_sync(func, *args) runs func given !result for func
def anyio.from_thread.run(func, *args) runs func given !result for func
`;

const gevent = String.raw`
class gevent.Greenlet(run)
  join(timeout) !join
  get(block, timeout) !result unless block=False -> of
def gevent.spawn(function, *args) runs function given -> gevent.Greenlet[result:function]
def gevent.spawn_later(seconds, function, *args) runs function given -> gevent.Greenlet[result:function]
def gevent.joinall(greenlets, timeout) !wait for greenlets
def gevent.wait(objects, timeout) !wait for objects
def gevent.iwait(objects, timeout) -> gevent.Waited[elements:objects]
class gevent.Waited()
  next !wait -> of
def gevent.sleep(seconds) !sleep for seconds
class gevent.pool.Pool(size)
  spawn(function, *args) runs function given -> gevent.Greenlet[result:function]
  map(func, iterable) !result runs func over iterable -> list[result:func] for func
  join(timeout) !join
same gevent.pool.Group = gevent.pool.Pool
class gevent.event.Event()
  wait(timeout) !event
class gevent.event.AsyncResult()
  get(block, timeout) !result unless block=False
  wait(timeout) !result
class gevent.lock.Semaphore(value)
  acquire(blocking, timeout) !semaphore unless blocking=False
  with !semaphore
same gevent.lock.BoundedSemaphore = gevent.lock.Semaphore
same gevent.queue = queue
`;

const joblib = String.raw`
class joblib.Parallel(n_jobs, backend, return_as)
  __call__(iterable) !wait for iterable
  enter -> self
def joblib.delayed(function) -> plain
`;

const dask = String.raw`
class distributed.Client(address)
  submit(func, *args) runs func given -> distributed.Future[result:func]
  map(func, *iterables) runs func over -> list[distributed.Future[result:func]]
  gather(futures) !wait for futures
  enter -> self
class distributed.Future()
  result(timeout) !result -> of
  exception(timeout) !result
def distributed.wait(fs, timeout) !wait for fs
def distributed.as_completed(futures) -> distributed.Completed[elements:futures]
class distributed.Completed()
  next !wait -> of
same dask.distributed = distributed
def dask.compute(*args) !wait for args
`;

const ray = String.raw`
def ray.get(object_refs, timeout) !result for object_refs
def ray.wait(object_refs, num_returns, timeout) !wait for object_refs
`;

export const others = [trio, anyio, gevent, joblib, dask, ray];
