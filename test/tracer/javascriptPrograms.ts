/** Programs after Node's own documentation, and the corners of its module system; each run with and without the tracer. */
import assert from 'node:assert/strict';
import path from 'node:path';
import { LAUNCHERS, recordScript, runScript, type Launcher } from './recordedJavaScript';

const FOLDER = path.resolve('test/fixtures/snippets/javascript');

export interface Program {
  readonly file: string;
  /** What touches the whole process has one of its own. */
  readonly launchers: readonly Launcher[];
  /** Several threads or processes print: which line is next is luck. */
  readonly isLuck?: true;
  /** Asks more of Node than the oldest that is looked after can. */
  readonly knowsTypeScript?: true;
}

export const PROGRAMS: readonly Program[] = [
  { file: 'workerThreads.mjs', launchers: LAUNCHERS },
  { file: 'childProcess.cjs', launchers: LAUNCHERS, isLuck: true },
  { file: 'events.mjs', launchers: LAUNCHERS },
  { file: 'streams.mjs', launchers: LAUNCHERS },
  { file: 'timersPromises.mjs', launchers: LAUNCHERS },
  { file: 'broadcastChannel.mjs', launchers: LAUNCHERS },
  { file: 'order.mjs', launchers: LAUNCHERS },
  { file: 'loopsOfPromises.mjs', launchers: LAUNCHERS },
  { file: 'modules/main.cjs', launchers: LAUNCHERS },
  { file: 'ownLoader.mjs', launchers: LAUNCHERS, knowsTypeScript: true },
  { file: 'stackTrace.cjs', launchers: LAUNCHERS },
  { file: 'exits.cjs', launchers: LAUNCHERS },
  { file: 'rejected.mjs', launchers: LAUNCHERS },
  { file: 'workerRaises.mjs', launchers: LAUNCHERS },
  { file: 'cluster.cjs', launchers: ['process'], isLuck: true },
  { file: 'abort.cjs', launchers: ['process'] },
];

/** The line that names an error, which the two tell in different surroundings. */
const said = (text: string): string | undefined => /^\w*Error: .*$/m.exec(text)?.[0];

/** `node` is another Node than the one that runs the tests. */
export async function assertSame(
  { file, isLuck }: Program,
  launcher: Launcher,
  node?: string,
): Promise<void> {
  const program = path.join(FOLDER, file);
  const options = node === undefined ? {} : { node };
  const untraced = await runScript(program, options);
  const traced = await recordScript(launcher, program, options);
  const [theirs, own] = [untraced.out, traced.out].map(text => {
    const lines = text.split('\n');
    return isLuck ? lines.toSorted() : lines;
  });
  assert.deepEqual(own, theirs, traced.err);
  assert.equal(traced.end.exitCode, untraced.exitCode);
  assert.equal(said(traced.err.replace(/^Uncaught /m, '')), said(untraced.err));
  assert.ok(traced.model.lanes.length > 0);
  assert.equal(traced.model.dropped, 0);
}
