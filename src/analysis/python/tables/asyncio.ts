/** Owns what `asyncio` declares. See library.ts for the language. */

export const asyncio = String.raw`
class asyncio.Future()
  await !await -> of
  result() -> of
  exception() -> plain
  add_done_callback(fn) runs fn self
class asyncio.Task < asyncio.Future ()
class asyncio.Lock()
  async acquire() !lock
  async with !lock
  enter -> plain
class asyncio.Event()
  async wait() !event
class asyncio.Condition(lock)
  async acquire() !lock
  async wait() !condition
  async wait_for(predicate) !condition
  async with !lock
  enter -> plain
class asyncio.Semaphore(value)
  async acquire() !semaphore
  async with !semaphore
  enter -> plain
class asyncio.BoundedSemaphore < asyncio.Semaphore (value)
class asyncio.Barrier(parties)
  async wait() !barrier
  async with !barrier
class asyncio.Queue(maxsize)
  async get() !get -> elem
  async put(item) !put
  get_nowait() -> elem
  put_nowait(item)
  async join() !drain
class asyncio.LifoQueue < asyncio.Queue (maxsize)
class asyncio.PriorityQueue < asyncio.Queue (maxsize)
class asyncio.TaskGroup()
  create_task(coro) -> asyncio.Task[awaited:coro]
  enter -> self
  async with !wait
class asyncio.Timeout()
  enter -> self
class asyncio.Runner()
  run(coro) !await -> awaited:coro for coro
  get_loop() -> asyncio.AbstractEventLoop
  enter -> self
async def asyncio.sleep(delay, result) !sleep for delay
async def asyncio.gather(*aws) !wait -> list[awaits:aws] for aws
async def asyncio.wait(fs, timeout, return_when) !wait -> (list[elements:fs], list[elements:fs]) for fs
async def asyncio.wait_for(fut, timeout) !await -> awaited:fut for fut
async def asyncio.shield(arg) !await -> awaited:arg for arg
async def asyncio.to_thread(func, *args) runs func given !result -> result:func for func
def asyncio.as_completed(fs, timeout) -> iter[asyncio.Future[awaits:fs]]
def asyncio.create_task(coro) -> asyncio.Task[awaited:coro]
def asyncio.ensure_future(coro) -> asyncio.Task[awaited:coro]
same asyncio.async = asyncio.ensure_future
def asyncio.timeout(delay) -> asyncio.Timeout
def asyncio.timeout_at(when) -> asyncio.Timeout
def asyncio.run(main) !await -> awaited:main for main
def asyncio.run_coroutine_threadsafe(coro, loop) -> concurrent.futures.Future[awaited:coro]
def asyncio.wrap_future(future) -> asyncio.Future
def asyncio.current_task() -> asyncio.Task
def asyncio.all_tasks() -> list[asyncio.Task]
def asyncio.get_event_loop() -> asyncio.AbstractEventLoop
def asyncio.get_running_loop() -> asyncio.AbstractEventLoop
def asyncio.new_event_loop() -> asyncio.AbstractEventLoop
class asyncio.AbstractEventLoop()
  run_until_complete(future) !await -> awaited:future for future
  run_forever() !await
  create_task(coro) -> asyncio.Task[awaited:coro]
  create_future() -> asyncio.Future
  async run_in_executor(executor, func, *args) runs func given !result -> result:func for func
  call_soon(callback, *args) runs callback given
  call_soon_threadsafe(callback, *args) runs callback given
  call_later(delay, callback, *args) runs callback given
  call_at(when, callback, *args) runs callback given
  add_reader(fd, callback, *args) runs callback given
  async shutdown_asyncgens() !await
  async shutdown_default_executor() !await
  async create_server(protocol_factory, host, port) !await -> asyncio.Server
  async create_connection(protocol_factory, host, port) !io
  async sock_recv(sock, nbytes) !io
  async sock_sendall(sock, data) !io
  async sock_accept(sock) !io
  async sock_connect(sock, address) !io
same asyncio.BaseEventLoop = asyncio.AbstractEventLoop
same asyncio.events.AbstractEventLoop = asyncio.AbstractEventLoop
same asyncio.SelectorEventLoop = asyncio.AbstractEventLoop
class asyncio.StreamReader()
  async read(n) !io -> plain
  async readline() !io -> plain
  async readexactly(n) !io -> plain
  async readuntil(separator) !io -> plain
  async next !io -> plain
class asyncio.StreamWriter()
  async drain() !io
  async wait_closed() !io
class asyncio.Server()
  async serve_forever() !io
  async start_serving() !await
  async wait_closed() !await
  async with !await
  enter -> self
async def asyncio.open_connection(host, port) !io -> (asyncio.StreamReader, asyncio.StreamWriter)
async def asyncio.open_unix_connection(path) !io -> (asyncio.StreamReader, asyncio.StreamWriter)
async def asyncio.start_server(client_connected_cb, host, port) !await -> asyncio.Server runs client_connected_cb giving asyncio.StreamReader asyncio.StreamWriter
async def asyncio.start_unix_server(client_connected_cb, path) !await -> asyncio.Server runs client_connected_cb giving asyncio.StreamReader asyncio.StreamWriter
class asyncio.subprocess.Process()
  async wait() !exit
  async communicate(input) !exit
  attr stdin -> asyncio.StreamWriter
  attr stdout -> asyncio.StreamReader
  attr stderr -> asyncio.StreamReader
async def asyncio.create_subprocess_exec(program, *args) !await -> asyncio.subprocess.Process
async def asyncio.create_subprocess_shell(cmd) !await -> asyncio.subprocess.Process
same asyncio.queues = asyncio
same asyncio.locks = asyncio
same asyncio.tasks = asyncio
same asyncio.futures = asyncio
same asyncio.streams = asyncio
same asyncio.runners = asyncio
`;
