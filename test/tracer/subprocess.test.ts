import assert from 'node:assert/strict';
import {
  handoffsOf,
  laneNamed,
  lineOf,
  onEachPython,
  record,
  runPlain,
  scrubbed,
  waitsAt,
} from './recorded';

const PROGRAMS = `
import os, subprocess, sys

p1 = subprocess.Popen(["sh", "-c", "sleep 0.2; echo a; echo b"], stdout=subprocess.PIPE)
p2 = subprocess.Popen(["grep", "b"], stdin=p1.stdout, stdout=subprocess.PIPE)
p1.stdout.close()
out, err = p2.communicate()  # communicate
print(out.decode().strip())
p1.wait()  # waited
print(subprocess.run(["sh", "-c", "exit 3"]).returncode)  # run
try:
    subprocess.run(["sleep", "30"], timeout=0.1)  # timeout
except subprocess.TimeoutExpired:
    print("timed out")
print(subprocess.check_output("echo $((6*7))", shell=True).decode().strip())  # shell
with subprocess.Popen(["sleep", "30"]) as sleeper:
    print(sleeper.poll())
    sleeper.terminate()
print(sleeper.returncode)
try:
    subprocess.Popen(["no-such-program"])
except FileNotFoundError as error:
    print(error.filename)
print(os.system("exit 4") >> 8)  # system
`;

const READ_BY_HAND = `
import subprocess
script = "sleep 0.2; echo one; sleep 0.2; echo two; echo three >&2"
program = subprocess.Popen(["sh", "-c", script], stdout=subprocess.PIPE, stderr=subprocess.PIPE, text=True)
for line in program.stdout:  # lines
    print(line.strip())
print(program.stderr.read().strip())  # rest
print(program.wait(), program.stdout.buffer)
raw = subprocess.Popen(["sh", "-c", "sleep 0.2; echo four"], stdout=subprocess.PIPE, bufsize=0)
print(raw.stdout.readline(), raw.stdout.read(), raw.stdout)  # raw
raw.communicate()
buffered = subprocess.Popen(["sh", "-c", "sleep 0.2; echo five"], stdout=subprocess.PIPE)
print(buffered.stdout.readline(), len(subprocess.run(["echo", "six"], capture_output=True).stdout))  # buffered
buffered.communicate()
print(type(buffered.stdout).__name__, buffered.stdout)
`;

const CHILDREN = `
import os, subprocess, sys

subprocess.run([sys.executable, "-c", "import time; time.sleep(0.05); print('traced', flush=True)"])  # child
subprocess.run([sys.executable, "-I", "-c", "print('isolated', flush=True)"])
subprocess.run([sys.executable, "-c", "print('bare', flush=True)"], env={"PATH": os.environ["PATH"]})
pid = os.fork()
if pid == 0:
    print("forked", flush=True)
    os._exit(7)
print(os.waitpid(pid, 0)[1] >> 8)  # waitpid
pid = os.posix_spawn("/bin/sh", ["sh", "-c", "exit 5"], os.environ)
print(os.wait()[1] >> 8)  # any
`;

const INTERRUPTED = `
import os, signal, subprocess, sys, threading
child = subprocess.Popen([sys.executable, "-S", "-c", "import time; time.sleep(5)"], stdout=subprocess.PIPE)
threading.Timer(0.3, os.kill, (os.getpid(), signal.SIGINT)).start()
try:
    child.stdout.read()
finally:
    child.kill()
`;

describe('subprocess', function () {
  onEachPython('shows no frame of its own where a read is interrupted', async python => {
    const [traced, plain] = [
      await record(python, INTERRUPTED),
      await runPlain(python, INTERRUPTED),
    ];
    assert.match(plain.err, /KeyboardInterrupt/);
    assert.equal(scrubbed(traced.err), scrubbed(plain.err));
  });

  this.timeout(60_000);

  onEachPython('shows what is read from a program by hand as a wait for it', async python => {
    const recorded = await record(python, READ_BY_HAND);
    const plain = await runPlain(python, READ_BY_HAND);
    assert.equal(recorded.out, plain.out);
    assert.equal(recorded.err, plain.err);
    const at = (mark: string) =>
      waitsAt(recorded, READ_BY_HAND, mark).filter(wait => wait.kind === 'recv');
    const lines = at('lines');
    const program = laneNamed(recorded.model, /three/).id;
    assert.deepEqual(
      lines.map(wait => [wait.on[0], wait.endedBy, wait.outcome]),
      // One for each piece that came, and one for the end.
      lines.map(() => [program, program, 'done']),
    );
    assert.ok(lines.length >= 2, `${lines.length} reads`);
    const held = lines.map(wait => (wait.endNs ?? 0) - wait.startNs).filter(ns => ns > 1e8);
    assert.equal(held.length, 2, 'both pauses of the program');
    assert.ok(at('rest').length > 0);
    for (const mark of ['raw', 'buffered']) {
      assert.ok((at(mark)[0]?.endNs ?? 0) - (at(mark)[0]?.startNs ?? 0) > 1e8, mark);
    }
  });

  onEachPython('tells a program that was ended by this one from one that was not', async python => {
    const { model } = await record(
      python,
      'import subprocess\nfor how in ("terminate", "kill"):\n    p = subprocess.Popen(["sleep", "30"])\n    getattr(p, how)()\n    p.wait()\nsubprocess.run(["sh", "-c", "kill -TERM $$"])\n',
    );
    assert.deepEqual(
      model.lanes.slice(1).map(lane => [lane.end, lane.detail]),
      [
        ['killed', 'SIGTERM by terminate()'],
        ['killed', 'SIGKILL by kill()'],
        ['killed', 'SIGTERM'],
      ],
    );
  });

  onEachPython('shows programs, their pipes and their ends', async python => {
    const recorded = await record(python, PROGRAMS);
    const plain = await runPlain(python, PROGRAMS);
    assert.equal(recorded.out, plain.out);
    assert.equal(recorded.end.exitCode, 0);
    const { model } = recorded;

    const writer = laneNamed(model, /^sh -c sleep/);
    const reader = laneNamed(model, 'grep b');
    assert.deepEqual(
      [writer.kind, writer.traced, writer.end, writer.exitCode],
      ['subprocess', false, 'exited', 0],
    );
    const pipe = handoffsOf(model).find(handoff => handoff.kind === 'send-recv');
    assert.deepEqual([pipe?.from.lane, pipe?.to.lane], [writer.id, reader.id]);

    const [communicate] = waitsAt(recorded, PROGRAMS, 'communicate');
    assert.deepEqual(
      [communicate?.kind, communicate?.on, communicate?.outcome],
      ['exit', [reader.id], 'done'],
    );
    assert.equal(communicate?.endedBy, reader.id);
    assert.ok((communicate?.readyNs ?? 0) > (communicate?.startNs ?? 0), 'it had to wait');
    assert.equal(waitsAt(recorded, PROGRAMS, 'waited')[0]?.endedBy, writer.id);
    assert.equal(waitsAt(recorded, PROGRAMS, 'run').length, 1);
    assert.equal(laneNamed(model, 'sh -c exit 3').exitCode, 3);

    const [timeout] = waitsAt(recorded, PROGRAMS, 'timeout');
    assert.deepEqual([timeout?.kind, timeout?.outcome], ['exit', 'timed-out']);
    const killed = model.lanes.filter(lane => lane.name === 'sleep 30');
    assert.deepEqual(
      killed.map(lane => [lane.end, lane.detail]),
      [
        ['killed', 'SIGKILL by kill()'],
        ['killed', 'SIGTERM by terminate()'],
      ],
    );
    assert.equal(waitsAt(recorded, PROGRAMS, 'shell').length, 1);
    assert.match(
      laneNamed(model, 'no-such-program').detail ?? '',
      /could not be started: FileNotFoundError/,
    );
    const system = laneNamed(model, 'exit 4');
    assert.deepEqual(
      [system.exitCode, waitsAt(recorded, PROGRAMS, 'system')[0]?.on],
      [4, [system.id]],
    );
  });

  onEachPython('traces the Pythons it starts, and says which it can not', async python => {
    const recorded = await record(python, CHILDREN);
    const plain = await runPlain(python, CHILDREN);
    assert.equal(recorded.out, plain.out);
    const { model } = recorded;

    const traced = laneNamed(model, /traced/);
    assert.deepEqual([traced.kind, traced.traced, traced.exitCode], ['process', true, 0]);
    assert.equal(waitsAt(recorded, CHILDREN, 'child')[0]?.endedBy, traced.id);
    assert.equal(model.output.find(piece => piece.text === 'traced\n')?.lane, traced.id);

    assert.deepEqual(
      [laneNamed(model, /-I/).traced, laneNamed(model, /bare/).traced],
      [false, false],
    );
    assert.ok(model.notes.some(note => /-I .* is not traced: -I keeps the tracer out/.test(note)));
    assert.ok(model.notes.some(note => /bare.* is not traced: its environment lacks/.test(note)));

    const forked = laneNamed(model, /^fork/);
    assert.deepEqual(
      [forked.kind, forked.exitCode, forked.site?.line],
      ['process', 7, lineOf(CHILDREN, 'waitpid') - 4],
    );
    assert.equal(model.output.find(piece => piece.text === 'forked\n')?.lane, forked.id);
    assert.equal(waitsAt(recorded, CHILDREN, 'waitpid')[0]?.endedBy, forked.id);
    assert.equal(
      waitsAt(recorded, CHILDREN, 'any')[0]?.endedBy,
      laneNamed(model, 'sh -c exit 5').id,
    );
  });
});
