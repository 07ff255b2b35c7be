import assert from 'node:assert/strict';
import { handoffsOf, laneNamed, lineOf, onEachPython, record, runPlain, waitsAt } from './recorded';

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

describe('subprocess', function () {
  this.timeout(60_000);

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
        ['killed', 'SIGKILL'],
        ['killed', 'SIGTERM'],
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
