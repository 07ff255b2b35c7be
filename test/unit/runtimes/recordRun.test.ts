import assert from 'node:assert/strict';
import { crc32 } from '../../../src/base/crc32';
import { Emitter } from '../../../src/base/emitter';
import { startRun } from '../../../src/runtimes/recordRun';
import type { Run } from '../../../src/runtimes/recordRun';
import { LaunchError } from '../../../src/runtimes/runtime';
import type {
  KnownProcess,
  OutputChunk,
  RunEnd,
  RunHandle,
  RunRequest,
  Runtime,
} from '../../../src/runtimes/runtime';
import type { OutputPiece } from '../../../src/trace/model';
import { ManualClock } from '../../support/manualClock';
import { TraceFolder } from '../../support/traceFolder';
import { TraceWriter } from '../../support/traceWriter';

const PROGRAM = '/scratch/notes.md.py';
const DOCUMENT = '/notes/notes.md';

/** A runtime whose process is the test itself. */
class FakeRuntime implements Runtime {
  readonly language = 'python';
  readonly output = new Emitter<OutputChunk>();
  readonly said: string[] = [];
  known: () => Iterable<KnownProcess> = () => [];
  end: (end: RunEnd) => void = () => {};
  private readonly startedNs: bigint;

  constructor(startedNs: bigint) {
    this.startedNs = startedNs;
  }

  async launch(_request: RunRequest, known?: () => Iterable<KnownProcess>): Promise<RunHandle> {
    if (known) this.known = known;
    const ended = new Promise<RunEnd>(resolve => void (this.end = resolve));
    return {
      pid: 100,
      startedNs: this.startedNs,
      onOutput: this.output.event,
      ended,
      write: text => void this.said.push(`write ${text}`),
      endInput: () => void this.said.push('end of input'),
      interrupt: () => void this.said.push('interrupt'),
      stop: async () => {
        this.said.push('stop');
        this.end({ exitCode: null, signal: 'SIGTERM' });
      },
    };
  }
}

class Stage {
  readonly folder = new TraceFolder();
  readonly clock = new ManualClock();
  // The run began just now, as the model's clock is the real one.
  readonly writer = new TraceWriter({ pid: 100 }, process.hrtime.bigint());
  readonly runtime = new FakeRuntime(this.writer.base);
  readonly written: OutputPiece[] = [];
  readonly gone = new Set<number>();

  async start(more: Partial<RunRequest> = {}): Promise<Run> {
    const run = await startRun(
      this.runtime,
      {
        documentPath: DOCUMENT,
        programPath: PROGRAM,
        language: 'python',
        args: [],
        cwd: '/',
        env: {},
        traceFolder: this.folder.path,
        ...more,
      },
      this.clock,
      pid => !this.gone.has(pid),
    );
    run.onDidWrite(piece => this.written.push(piece));
    return run;
  }

  /** What the tracer has written so far is on disk; the host looks at it. */
  look(): void {
    this.folder.write('100-0.clens', this.writer);
    this.clock.pass(15);
  }

  print(lane: number, t: number, text: string): void {
    const bytes = new TextEncoder().encode(text);
    this.writer.record('output', { lane, a: 1, t, ref: bytes.length, x: crc32(bytes) });
    this.folder.write('100-0.clens', this.writer);
    this.runtime.output.fire({ stream: 'stdout', bytes });
  }
}

describe('recording a run', () => {
  let stage: Stage;
  beforeEach(() => (stage = new Stage()));
  afterEach(() => stage.folder.dispose());

  it('shows lanes and waits while the run goes on, and says what changed', async () => {
    const run = await stage.start();
    const changed: number[][] = [];
    run.model.onDidChange(({ lanes }) => changed.push([...lanes]));
    const { writer } = stage;
    const site = writer.site(PROGRAM, 20);
    writer.lane(1, 'thread', 'T1', 10, { parent: 0, begin: 20 });
    const wait = { kind: 'join', on: { lane: 1 }, from: 30, site } as const;
    const id = writer.beginWait(wait);
    stage.look();
    assert.equal(run.model.wait(0).outcome, 'waiting');
    assert.equal(run.model.finished, false);
    assert.deepEqual(
      changed.map(lanes => lanes.toSorted((one, other) => one - other)),
      [[0, 1]],
    );
    writer.laneEnd(1, 'returned', 40);
    writer.endWait(id, { ...wait, to: 50 });
    stage.look();
    assert.equal(run.model.wait(0).outcome, 'done');
    assert.equal(changed.length, 2);
    stage.look();
    assert.equal(changed.length, 2, 'nothing new, nothing said');
    stage.runtime.end({ exitCode: 0, signal: null });
    await run.ended;
    assert.ok(run.model.finished);
    assert.equal(stage.clock.pending, 0, 'no timer is left');
  });

  it('names the document where the program was made from it', async () => {
    const run = await stage.start({ notes: ['the import of time was added'] });
    stage.writer.wait({ kind: 'sleep', from: 1, to: 2, site: stage.writer.site(PROGRAM, 7) });
    stage.look();
    assert.equal(run.model.wait(0).site?.file, DOCUMENT);
    assert.deepEqual(run.model.files, [DOCUMENT]);
    assert.deepEqual(run.model.notes, ['the import of time was added']);
  });

  it('tells at once which lane wrote what', async () => {
    const run = await stage.start();
    stage.writer.lane(1, 'thread', 'T1', 10, { parent: 0, begin: 20 });
    stage.print(1, 30, 'from T1\n');
    stage.clock.pass(0);
    stage.print(0, 40, 'from main\n');
    stage.runtime.output.fire({ stream: 'stderr', bytes: new TextEncoder().encode('from none\n') });
    stage.clock.pass(0);
    assert.deepEqual(
      stage.written.map(({ lane, stream, text }) => [lane, stream, text]),
      [
        [1, 'stdout', 'from T1\n'],
        [0, 'stdout', 'from main\n'],
        [null, 'stderr', 'from none\n'],
      ],
    );
    assert.deepEqual(run.model.output, stage.written);
  });

  it('keeps what was recorded when the snippet is killed', async () => {
    const run = await stage.start();
    stage.writer.lane(1, 'thread', 'T1', 10, { parent: 0, begin: 20 });
    stage.writer.wait({ lane: 1, kind: 'sleep', from: 30 });
    stage.folder.write('100-0.clens', stage.writer);
    stage.runtime.end({ exitCode: null, signal: 'SIGKILL' });
    const end = await run.ended;
    assert.equal(end.signal, 'SIGKILL');
    assert.deepEqual(
      run.model.lanes.map(lane => lane.end),
      ['killed', 'killed'],
    );
    assert.equal(run.model.wait(0).outcome, 'cut-off');
  });

  it('ends the lanes of a process that is there no more, and says later how it ended', async () => {
    const run = await stage.start();
    stage.writer.lane(1, 'thread', 'T1', 10, { parent: 0, begin: 20 });
    stage.writer.lane(2, 'process', 'P', 10, { parent: 0, pid: 201, begin: 20 });
    stage.look();
    stage.gone.add(100);
    stage.clock.pass(100);
    const ends = () => run.model.lanes.map(lane => lane.end);
    assert.deepEqual(ends(), ['exited', 'exited', 'running']);
    const endNs = run.model.lanes[0]?.endNs;
    stage.runtime.end({ exitCode: null, signal: 'SIGKILL' });
    await run.ended;
    assert.deepEqual(ends(), ['killed', 'killed', 'exited']);
    assert.equal(run.model.lanes[0]?.endNs, endNs);
  });

  it('reads the last words of a child that was looked at just before its parent told of its end', async () => {
    await stage.start();
    const child = new TraceWriter({ pid: 201, parentPid: 100, t: 20 }, stage.writer.base);
    stage.writer.lane(1, 'process', 'P', 10, { parent: 0, pid: 201 });
    stage.folder.write('050-0.clens', child);
    stage.look();
    stage.look();
    stage.writer.laneEnd(1, 'exited', 40);
    stage.look();
    const bytes = new TextEncoder().encode('bye\n');
    child.record('output', { a: 1, t: 30, ref: bytes.length, x: crc32(bytes) });
    stage.folder.write('050-0.clens', child);
    stage.runtime.output.fire({ stream: 'stdout', bytes });
    stage.clock.pass(0);
    assert.deepEqual(
      stage.written.map(({ lane, text }) => [lane, text]),
      [[1, 'bye\n']],
    );
  });

  it('passes input, interrupts and stop on', async () => {
    const run = await stage.start();
    run.write('4\n');
    run.endInput();
    run.interrupt();
    await run.stop();
    assert.deepEqual(stage.runtime.said, ['write 4\n', 'end of input', 'interrupt', 'stop']);
    assert.ok(run.model.finished);
  });

  it('tells the runtime of processes that still live', async () => {
    await stage.start();
    stage.writer.lane(1, 'process', 'P1', 10, { parent: 0, pid: 201 });
    stage.writer.lane(2, 'process', 'P2', 20, { parent: 0, pid: 202 });
    stage.writer.laneEnd(1, 'exited', 30);
    stage.look();
    const { base } = stage.writer;
    assert.deepEqual(
      [...stage.runtime.known()].map(({ pid, seenNs }) => [pid, BigInt(seenNs ?? 0) - base]),
      [
        [100, 0n],
        [202, 20n],
      ],
    );
  });

  it("waits for a child's parent to tell of it, and not for ever", async () => {
    const run = await stage.start();
    const child = new TraceWriter({ pid: 200, parentPid: 100, t: 20 }, stage.writer.base);
    child.lane(0, 'main', 'MainThread', 20, { begin: 21 });
    stage.folder.write('200-0.clens', child);
    stage.look();
    assert.equal(run.model.lanes.length, 1);
    stage.writer.lane(1, 'process', 'Process-1', 10, { parent: 0 });
    stage.writer.record('laneInfo', { lane: 1, t: 25, x: 200 });
    stage.look();
    assert.deepEqual(
      run.model.lanes.map(({ kind, name, pid }) => [kind, name, pid]),
      [
        ['main', 'MainThread', 100],
        ['process', 'Process-1', 200],
      ],
    );
    const orphan = new TraceWriter({ pid: 300, parentPid: 299, t: 30 }, stage.writer.base);
    stage.folder.write('300-0.clens', orphan);
    stage.clock.pass(50);
    assert.equal(run.model.lanes.length, 2);
    stage.clock.pass(400);
    assert.deepEqual([run.model.lanes[2]?.name, run.model.lanes[2]?.parent], ['process 300', 0]);
  });

  it('passes over a slot that stays empty, and takes it when it is written after all', async () => {
    const run = await stage.start();
    const { writer } = stage;
    writer.lane(1, 'thread', 'T1', 10, { parent: 0, begin: 20 });
    const hole = writer.hole();
    writer.wait({ lane: 1, kind: 'sleep', from: 30, to: 40 });
    stage.look();
    assert.equal(run.model.waitCount, 0, 'it is waited for');
    stage.clock.pass(200);
    assert.equal(run.model.waitCount, 1);
    const late = new TraceWriter({ pid: 100 }, writer.base);
    late.record('note', { t: 25, text: late.string('late') });
    const bytes = writer.bytes();
    bytes.set(late.bytes().subarray(64 * 2, 64 * 3), hole * 64);
    stage.folder.write('100-0.clens', bytes);
    stage.clock.pass(15);
    assert.ok(run.model.notes.length === 1, 'its note is there');
    assert.equal(run.model.waitCount, 1, 'and nothing is read twice');
  });

  it('gives the reason when nothing was traced', async () => {
    const run = await stage.start();
    stage.runtime.end({ exitCode: 1, signal: null, notes: ['Install numpy.'] });
    await run.ended;
    assert.deepEqual(
      run.model.lanes.map(({ kind, end, exitCode }) => [kind, end, exitCode]),
      [['main', 'exited', 1]],
    );
    assert.match(run.model.notes.join(' '), /Install numpy\. The snippet was not traced/);
  });

  it('does not start what cannot be launched', async () => {
    const runtime: Runtime = {
      language: 'python',
      launch: () => Promise.reject(new LaunchError('no-interpreter', 'No Python.')),
    };
    stage.runtime.launch = runtime.launch.bind(runtime);
    await assert.rejects(stage.start(), LaunchError);
  });
});
