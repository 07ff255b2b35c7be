/** Owns what the JavaScript language, Node and some packages declare. See inference/library.ts for the language of the tables. */
import { Library } from '../inference/library';

const language = String.raw`
async def Promise.all(iterable) !wait -> list[awaits:iterable] for iterable
async def Promise.allSettled(iterable) !wait -> list[plain] for iterable
async def Promise.any(iterable) !wait -> awaits:iterable for iterable
async def Promise.race(iterable) !wait -> awaits:iterable for iterable
async def Promise.resolve(value) -> arg:value
class Promise.Promise(executor)
  async then(done, failed) runs done awaited -> result:done
  catch(failed) -> self
  finally(done) -> self
same Promise.default = Promise.Promise
def Atomics.wait(typedArray, index, value, timeout) !condition for typedArray
class Atomics.Waiter()
  attr value -> await[plain]
def Atomics.waitAsync(typedArray, index, value, timeout) -> Atomics.Waiter
class Response()
  async json()
  async text()
  async blob()
  async bytes()
  async formData()
  async arrayBuffer()
async def fetch(input) !await -> Response
`;

const workers = String.raw`
class worker_threads.Worker(filename, options)
  on(event, listener) !event case event message=recv messageerror=recv exit=join error=event online=event
  once(event, listener) !event case event message=recv messageerror=recv exit=join error=event online=event
  addListener(event, listener) !event case event message=recv messageerror=recv exit=join error=event online=event
  async terminate() !join
class worker_threads.MessagePort()
  on(event, listener) !recv case event message=recv close=event
  once(event, listener) !recv case event message=recv close=event
  addEventListener(event, listener) !recv case event message=recv close=event
class worker_threads.MessageChannel()
  attr port1 -> worker_threads.MessagePort
  attr port2 -> worker_threads.MessagePort
class worker_threads.BroadcastChannel(name)
value worker_threads.parentPort -> worker_threads.MessagePort
def worker_threads.receiveMessageOnPort(port) !recv for port

class child_process.ChildProcess()
  on(event, listener) !exit case event exit=exit close=exit message=recv error=event spawn=event disconnect=event
  once(event, listener) !exit case event exit=exit close=exit message=recv error=event spawn=event disconnect=event
  addListener(event, listener) !exit case event exit=exit close=exit message=recv error=event spawn=event disconnect=event
def child_process.spawn(command, args, options) -> child_process.ChildProcess
def child_process.fork(modulePath, args, options) -> child_process.ChildProcess
def child_process.exec(command, options, callback) -> child_process.ChildProcess
def child_process.execFile(file, args, options, callback) -> child_process.ChildProcess
def child_process.execSync(command) !exit for command
def child_process.spawnSync(command) !exit for command
def child_process.execFileSync(file) !exit for file
def process.on(event, listener) !recv case event message=recv
def process.once(event, listener) !recv case event message=recv
class cluster.Worker()
  on(event, listener) !exit case event exit=exit message=recv online=event listening=event disconnect=event error=event
  once(event, listener) !exit case event exit=exit message=recv online=event listening=event disconnect=event error=event
def cluster.fork() -> cluster.Worker
`;

const node = String.raw`
class events.EventEmitter()
  on(event, listener)
  once(event, listener)
async def events.once(emitter, name) !event like emitter for emitter
def events.on(emitter, name) -> events.EventIterator
class events.EventIterator()
  async next !event
same events.default = events.EventEmitter
async def timers_promises.setTimeout(delay, value) !sleep for delay
async def timers_promises.setImmediate(value) !sleep
def timers_promises.setInterval(delay, value) -> timers_promises.Ticks
class timers_promises.Ticks()
  async next !sleep
class timers_promises.Scheduler()
  async wait(delay) !sleep for delay
  async yield() !sleep
value timers_promises.scheduler -> timers_promises.Scheduler
same timers.promises = timers_promises
async def stream_promises.pipeline(*streams) !io for streams
async def stream_promises.finished(stream) !io for stream
same stream.promises = stream_promises
class readline.Interface()
  async next !io
  on(event, listener) !io case event line=io close=event
  once(event, listener) !io case event line=io close=event
def readline.createInterface(options) -> readline.Interface
class readline_promises.Interface < readline.Interface ()
  async question(query) !io
def readline_promises.createInterface(options) -> readline_promises.Interface
`;

const packages = String.raw`
class piscina.Piscina(options)
  async run(task, options) !result
  async runTask(task) !result
  async destroy() !shutdown
  async close() !shutdown
same piscina.default = piscina.Piscina
class p_limit.Limit()
  async __call__(fn, *args) runs fn given !result -> awaited:fn for fn
def p_limit.default(concurrency) -> p_limit.Limit
class p_queue.PQueue(options)
  async add(fn, options) !result for fn
  async addAll(fns, options) !wait for fns
  async onIdle() !drain
  async onEmpty() !drain
same p_queue.default = p_queue.PQueue
class tinypool.Tinypool(options)
  async run(task) !result
  async destroy() !shutdown
same tinypool.default = tinypool.Tinypool
`;

export const createJavaScriptLibrary = (): Library =>
  new Library([language, workers, node, packages], {
    builtins: ['super', 'Map', 'Set', 'Array', 'Object'],
    sleepUnit: 'ms',
    hasPromises: true,
  });
