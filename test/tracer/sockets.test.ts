/** Blocking calls on sockets and selectors are waits of kind `io`; an event loop's own are not. */
import assert from 'node:assert/strict';
import { onEachPython, record, runPlain, waitsAt, waitsOf } from './recorded';

const SOCKETS = `
import select, selectors, socket, threading, time

server = socket.socket()
server.bind(("127.0.0.1", 0))
server.listen()

def client():
    time.sleep(0.05)
    here = socket.socket()
    here.connect(server.getsockname())  # connect
    time.sleep(0.05)
    here.sendall(b"hello")  # send
    print(here.recv(5))
    here.settimeout(0.02)
    try:
        here.recv(1)  # late
    except socket.timeout as problem:
        print(repr(problem))
    done.wait()
    here.close()

done = threading.Event()
thread = threading.Thread(target=client, name="client")
thread.start()
there, _ = server.accept()  # accept
there.recv(5)  # recv
there.sendall(b"world")
ready, _, _ = select.select([there], [], [], 0.01)  # select
done.set()
chosen = selectors.DefaultSelector()
chosen.register(there, selectors.EVENT_READ)
len(chosen.select(10))  # selector
chosen.close()
thread.join()
there.close()
server.setblocking(False)
try:
    server.accept()  # never blocks
except BlockingIOError:
    print("would block")
server.close()
`;

const STREAMS = `
import asyncio, sys

async def serve(reader, writer):
    line = await reader.readline()  # readline
    await asyncio.sleep(0.02)
    writer.write(line.upper())
    await writer.drain()
    writer.close()

async def main():
    server = await asyncio.start_server(serve, "127.0.0.1", 0)
    reader, writer = await asyncio.open_connection(*server.sockets[0].getsockname())
    await asyncio.sleep(0.02)
    writer.write(b"hello\\n")
    print(await reader.readline())  # answer
    writer.close()
    server.close()
    process = await asyncio.create_subprocess_exec(
        sys.executable, "-c", "import time; time.sleep(0.1); print('child')", stdout=asyncio.subprocess.PIPE
    )
    print(await process.communicate())  # communicate
    print(process.returncode)

asyncio.run(main())
`;

describe('blocking on input and output', () => {
  onEachPython('is shown for sockets, select and selectors', async python => {
    const recorded = await record(python, SOCKETS);
    assert.equal(recorded.err, (await runPlain(python, SOCKETS)).err);
    for (const mark of ['connect', 'send', 'accept', 'recv', 'select', 'selector']) {
      const [wait] = waitsAt(recorded, SOCKETS, mark);
      assert.equal(wait?.kind, 'io', mark);
    }
    const [accept] = waitsAt(recorded, SOCKETS, 'accept');
    assert.ok(accept?.endNs && accept.endNs - accept.startNs > 3e7);
    const [late] = waitsAt(recorded, SOCKETS, 'late');
    assert.equal(late?.outcome, 'timed-out');
    assert.ok(Math.abs(late.timeoutNs! - 2e7) < 1);
    const [select] = waitsAt(recorded, SOCKETS, 'select');
    assert.equal(select?.outcome, 'timed-out');
    assert.deepEqual(waitsAt(recorded, SOCKETS, 'never blocks'), []);
  });

  onEachPython(
    'is shown for streams and subprocesses of asyncio, not for its loop',
    async python => {
      const recorded = await record(python, STREAMS);
      assert.equal(recorded.out, (await runPlain(python, STREAMS)).out);
      const [readline] = waitsAt(recorded, STREAMS, 'readline');
      const [answer] = waitsAt(recorded, STREAMS, 'answer');
      assert.deepEqual([readline?.kind, readline?.label], ['io', 'readline']);
      assert.equal(answer?.kind, 'io');
      assert.match(recorded.model.lanes[readline!.lane]!.name, /serve\(/);
      const [exit] = waitsAt(recorded, STREAMS, 'communicate');
      assert.equal(exit?.kind, 'exit');
      const child = recorded.model.lanes[exit.on[0]!];
      assert.ok(child && ['process', 'subprocess'].includes(child.kind), child?.kind);
      assert.equal(child.exitCode, 0);
      // The main thread waits for the run as a whole, and for nothing inside it.
      const main = waitsOf(recorded.model).filter(wait => wait.lane === 0 && wait.site !== null);
      assert.deepEqual(
        main.map(wait => wait.kind),
        ['await'],
      );
      const faults = recorded.model.notes.filter(note => note.includes('tracer failed'));
      assert.deepEqual(faults, []);
    },
  );
});
