import assert from 'node:assert/strict';
import { Emitter } from '../../../src/base/emitter';
import { RunService, type LiveRun, type RunOrigin } from '../../../src/editor/runs';
import type { RunEnd, RunRequest } from '../../../src/runtimes/runtime';
import type { RunChange, RunModel } from '../../../src/trace/model';

const origin = (title: string): RunOrigin => ({
  title,
  uri: `file:///${title}`,
  documentPath: `/${title}`,
  firstLine: 1,
  lastLine: 1,
  text: '',
});

interface FakeRun {
  readonly run: LiveRun;
  readonly log: string[];
  end(end: RunEnd): void;
}

function fakeRun(): FakeRun {
  const log: string[] = [];
  let end!: (end: RunEnd) => void;
  const ended = new Promise<RunEnd>(resolve => {
    end = resolve;
  });
  const change = new Emitter<RunChange>();
  const run: LiveRun = {
    request: {} as RunRequest,
    model: { onDidChange: change.event } as unknown as RunModel,
    startedAt: new Date(0),
    onDidWrite: () => ({ dispose: () => undefined }),
    ended,
    write: () => undefined,
    endInput: () => undefined,
    interrupt: () => undefined,
    stop: () => {
      log.push('stop');
      end({ exitCode: null, signal: 'SIGKILL' });
      return Promise.resolve();
    },
    dispose: () => void log.push('dispose'),
  };
  return { run, log, end };
}

const start = (runs: RunService, title: string, fake: FakeRun) =>
  runs.start(origin(title), () => Promise.resolve(fake.run));

describe('runs of a window', () => {
  it('adds, selects and ends a run', async () => {
    const runs = new RunService(() => 5);
    const seen: string[] = [];
    runs.onDidStart(entry => seen.push(`start ${entry.origin.title}`));
    runs.onDidSelect(entry => seen.push(`select ${entry?.origin.title}`));
    runs.onDidEnd(entry => seen.push(`end ${entry.origin.title} ${entry.state}`));
    const fake = fakeRun();
    const entry = await start(runs, 'a.py', fake);
    fake.end({ exitCode: 0, signal: null });
    await fake.run.ended;
    assert.deepEqual(seen, ['start a.py', 'select a.py', 'end a.py succeeded']);
    assert.equal(runs.selected, entry);
    assert.equal(runs.live.length, 0);
  });

  it('adds nothing when the launch fails', async () => {
    const runs = new RunService(() => 5);
    await assert.rejects(
      runs.start(origin('a.py'), () => Promise.reject(new Error('no Python'))),
      /no Python/,
    );
    assert.equal(runs.entries.length, 0);
  });

  it('says of a run that was stopped that it was, and of others how they ended', async () => {
    const runs = new RunService(() => 5);
    const [one, two] = [fakeRun(), fakeRun()];
    const stopped = await start(runs, 'a.py', one);
    const failed = await start(runs, 'b.py', two);
    await runs.stop(stopped);
    two.end({ exitCode: 1, signal: null });
    await two.run.ended;
    assert.deepEqual([stopped.state, failed.state], ['stopped', 'failed']);
    assert.deepEqual(one.log, ['stop']);
  });

  it('keeps as many finished runs as asked, never dropping a live or the selected one', async () => {
    const runs = new RunService(() => 2);
    const live = fakeRun();
    await start(runs, 'live.py', live);
    const fakes = [fakeRun(), fakeRun(), fakeRun(), fakeRun()];
    for (const [index, fake] of fakes.entries()) {
      await start(runs, `${index}.py`, fake);
      fake.end({ exitCode: 0, signal: null });
      await fake.run.ended;
    }
    assert.deepEqual(
      runs.entries.map(entry => entry.origin.title),
      ['live.py', '1.py', '2.py', '3.py'],
    );
    assert.deepEqual(fakes[0]?.log, ['dispose']);
  });

  it('selects another run when the selected one is removed', async () => {
    const runs = new RunService(() => 5);
    const [one, two] = [fakeRun(), fakeRun()];
    const first = await start(runs, 'a.py', one);
    const second = await start(runs, 'b.py', two);
    for (const fake of [one, two]) fake.end({ exitCode: 0, signal: null });
    await two.run.ended;
    runs.remove(second);
    assert.equal(runs.selected, first);
    runs.remove(second);
    assert.equal(runs.entries.length, 1);
  });

  it('stops what still runs when the window goes', async () => {
    const runs = new RunService(() => 5);
    const fake = fakeRun();
    await start(runs, 'a.py', fake);
    runs.dispose();
    await fake.run.ended;
    assert.equal(fake.log[0], 'stop');
  });
});
