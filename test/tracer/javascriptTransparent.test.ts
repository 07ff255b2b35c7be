/** Programs after Node's own documentation, and the corners of its module system: the same with and without the tracer. */
import assert from 'node:assert/strict';
import path from 'node:path';
import { recordScript, runScript, type Launcher } from './recordedJavaScript';

const FOLDER = path.resolve('test/fixtures/snippets/javascript');
const BOTH: readonly Launcher[] = ['worker', 'process'];

interface Program {
  readonly file: string;
  /** What touches the whole process has one of its own. */
  readonly launchers?: readonly Launcher[];
  /** Several threads or processes print: which line is next is luck. */
  readonly isLuck?: true;
}

const PROGRAMS: readonly Program[] = [
  { file: 'workerThreads.mjs' },
  { file: 'childProcess.cjs', isLuck: true },
  { file: 'events.mjs' },
  { file: 'streams.mjs' },
  { file: 'timersPromises.mjs' },
  { file: 'broadcastChannel.mjs' },
  { file: 'order.mjs' },
  { file: 'modules/main.cjs' },
  { file: 'stackTrace.cjs' },
  { file: 'exits.cjs' },
  { file: 'rejected.mjs' },
  { file: 'cluster.cjs', launchers: ['process'], isLuck: true },
  { file: 'abort.cjs', launchers: ['process'] },
];

/** The line that names an error, which the two tell in different surroundings. */
const said = (text: string): string | undefined => /^\w*Error: .*$/m.exec(text)?.[0];

describe('JavaScript programs', function () {
  this.timeout(120_000);
  for (const { file, launchers = BOTH, isLuck } of PROGRAMS) {
    for (const launcher of launchers) {
      it(`${file} prints and ends the same, traced in a ${launcher}`, async () => {
        const program = path.join(FOLDER, file);
        const untraced = await runScript(program);
        const traced = await recordScript(launcher, program);
        const [theirs, own] = [untraced.out, traced.out].map(text => {
          const lines = text.split('\n');
          return isLuck ? lines.toSorted() : lines;
        });
        assert.deepEqual(own, theirs, traced.err);
        assert.equal(traced.end.exitCode, untraced.exitCode);
        assert.equal(said(traced.err.replace(/^Uncaught /m, '')), said(untraced.err));
        assert.ok(traced.model.lanes.length > 0);
        assert.equal(traced.model.dropped, 0);
      });
    }
  }
});
