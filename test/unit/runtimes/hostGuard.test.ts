import assert from 'node:assert/strict';
import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { guardGroup } from '../../../src/runtimes/hostGuard';

const startGroup = () => spawn('sleep', ['60'], { detached: true, stdio: 'ignore' });

const onPosix = process.platform === 'win32' ? describe.skip : describe;

onPosix('guard of a run against the death of its host (process groups: not on Windows)', () => {
  it('kills the group when the pipe to the host closes', async () => {
    const run = startGroup();
    const guard = guardGroup(run.pid!);
    const ended = once(run, 'exit');
    guard?.stdin?.destroy();
    assert.deepEqual(await ended, [null, 'SIGKILL']);
  });

  it('leaves the group alone once it has been killed itself', async () => {
    const run = startGroup();
    const guard = guardGroup(run.pid!);
    assert.ok(guard);
    const gone = once(guard, 'close');
    guard.kill('SIGKILL');
    await gone;
    assert.ok(run.kill(0), 'the run is still there');
    const ended = once(run, 'exit');
    run.kill('SIGTERM');
    assert.deepEqual(await ended, [null, 'SIGTERM']);
  });
});
