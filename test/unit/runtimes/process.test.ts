import assert from 'node:assert/strict';
import { spawnSync } from 'node:child_process';
import { mkdtemp, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { setTimeout as delay } from 'node:timers/promises';
import { startProcess, type ProcessStart } from '../../../src/runtimes/process';
import type { RunHandle } from '../../../src/runtimes/runtime';

/** Settles with what was printed once it holds `count` lines. */
function lines(run: RunHandle, count: number): Promise<string[]> {
  let text = '';
  return new Promise(resolve => {
    run.onOutput(({ bytes }) => {
      text += Buffer.from(bytes).toString();
      const whole = text.split('\n').slice(0, -1);
      if (whole.length >= count) resolve(whole);
    });
  });
}

/** A zombie that nobody has reaped runs no more. */
function exists(pid: number): boolean {
  assert.ok(pid > 1, 'a process id was printed');
  const { stdout } = spawnSync('ps', ['-o', 'stat=', '-p', String(pid)], { encoding: 'utf8' });
  return stdout.trim() !== '' && !stdout.trim().startsWith('Z');
}

describe('startProcess', function () {
  this.timeout(20_000);
  if (process.platform === 'win32') {
    it('is tried out with shell scripts: not run on Windows');
    return;
  }
  let folder: string;
  let runs = 0;
  before(async () => (folder = await mkdtemp(path.join(tmpdir(), 'process-'))));
  after(() => rm(folder, { recursive: true }));
  const shell = (script: string, more: Partial<ProcessStart> = {}): Promise<RunHandle> =>
    startProcess({
      command: '/bin/sh',
      args: ['-c', script],
      cwd: folder,
      env: { PATH: process.env['PATH'] ?? '', MARK: `${folder} ${(runs += 1)}` },
      markedBy: 'MARK',
      graceMs: 200,
      ...more,
    });

  it('hands on input, output and exit code', async () => {
    const run = await shell('read line; echo "got $line"; echo oops >&2; exit 3');
    const printed = lines(run, 2);
    run.write('this\n');
    run.endInput();
    assert.deepEqual((await printed).toSorted(), ['got this', 'oops']);
    assert.deepEqual(await run.ended, { exitCode: 3, signal: null });
    await run.stop();
  });

  if (process.platform === 'linux') {
    it('lets a script open its own input and outputs by name, as in a terminal', async () => {
      const run = await shell(
        'cat < /dev/stdin > /dev/stdout; sh -c "echo oops > /dev/stderr"; echo done > /dev/stdout',
      );
      const printed = lines(run, 3);
      run.write('this\n');
      run.endInput();
      assert.deepEqual((await printed).toSorted(), ['done', 'oops', 'this']);
      assert.deepEqual(await run.ended, { exitCode: 0, signal: null });
    });
  }

  it('rejects what cannot be started', async () => {
    await assert.rejects(shell('', { command: '/no/such/program' }), /ENOENT/);
  });

  it('bears input that nobody reads', async () => {
    const run = await shell('exec 0<&-; exit 0');
    for (let time = 0; time < 50; time += 1) run.write('x'.repeat(10_000));
    assert.equal((await run.ended).exitCode, 0);
    run.write('late');
    run.interrupt();
  });

  it('interrupts the whole group, as a terminal does', async () => {
    const run = await shell('trap "exit 5" INT; echo ready; while :; do sleep 0.1; done');
    await lines(run, 1);
    run.interrupt();
    assert.equal((await run.ended).exitCode, 5);
  });

  it('ends when the last process has', async () => {
    const run = await shell('(while [ ! -e go ]; do sleep 0.05; done; echo last) & echo first');
    await lines(run, 1);
    let hasEnded = false;
    void run.ended.then(() => (hasEnded = true));
    // Long enough for the first process to be gone; the other one cannot end before it is told to.
    await delay(300);
    assert.equal(hasEnded, false, 'a child that outlives its parent still belongs to the run');
    const last = lines(run, 1);
    await writeFile(path.join(folder, 'go'), '');
    assert.deepEqual(await last, ['last']);
    assert.deepEqual(await run.ended, { exitCode: 0, signal: null });
  });

  const escapes: [what: string, script: string][] = [
    ['a plain child', 'sleep 60 & echo $!; wait'],
    ['a child that ignores SIGTERM', '(trap "" TERM; sleep 60) & echo $!; wait'],
    ['a first process that ignores SIGTERM', 'trap "" TERM; sleep 60 & echo $!; wait'],
  ];
  if (process.platform === 'linux') {
    escapes.push(
      ['a grandchild that outlives its parent', '(sleep 60 & echo $!) ; sleep 60'],
      ['a session of its own', 'setsid sh -c "echo \\$\\$; exec sleep 60" & wait'],
      [
        'an orphan in a session of its own, its output elsewhere',
        '(setsid sh -c "echo \\$\\$; exec sleep 60 >/dev/null 2>&1" &) ; sleep 60',
      ],
      [
        'an orphan with an empty environment that holds the output',
        '(setsid env -i sh -c "echo \\$\\$; exec /bin/sleep 60" &) ; sleep 60',
      ],
    );
  }
  for (const [what, script] of escapes) {
    it(`stops ${what}`, async () => {
      const run = await shell(script);
      const [pid] = await lines(run, 1);
      await run.stop();
      assert.equal(exists(Number(pid)), false);
      const end = await run.ended;
      assert.ok(end.signal === 'SIGTERM' || end.signal === 'SIGKILL' || end.exitCode !== 0);
    });
  }

  it('may be stopped twice at once', async () => {
    const run = await shell('echo up; exec sleep 60');
    await lines(run, 1);
    await Promise.all([run.stop(), run.stop()]);
    assert.deepEqual(await run.ended, { exitCode: null, signal: 'SIGTERM' });
  });

  if (process.platform !== 'linux') {
    it('finds what left the run through /proc: only on Linux');
    return;
  }
  it('stops what only the trace knows of', async () => {
    let declared: { pid: number; seenNs: bigint }[] = [];
    const run = await shell(
      '(setsid env -i sh -c "echo \\$\\$; exec /bin/sleep 60 >/dev/null 2>&1" &) ; exec sleep 60',
      { known: () => declared },
    );
    const [pid] = await lines(run, 1);
    declared = [{ pid: Number(pid), seenNs: process.hrtime.bigint() }];
    await run.stop();
    assert.equal(exists(Number(pid)), false);
  });

  it('lets a stranger live whose pid the trace saw on another process before', async () => {
    const stranger = await shell('echo up; exec sleep 60', {
      env: { MARK: 'other', PATH: process.env['PATH'] ?? '' },
    });
    await lines(stranger, 1);
    const run = await shell('echo up; exec sleep 60', {
      known: () => [{ pid: stranger.pid ?? 0, seenNs: stranger.startedNs - 3_600_000_000_000n }],
    });
    await lines(run, 1);
    await run.stop();
    assert.equal(exists(stranger.pid ?? 0), true);
    await stranger.stop();
  });
});
