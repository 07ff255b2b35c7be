// The cost of tracing threads: the snippets of python/.
import path from 'node:path';
import type { BenchRow } from './bench';
import { tracedRatio } from './tracedPython';

const SNIPPETS = path.resolve('test/bench/python');
const RUNS = 7;

const measured = (name: string, file: string, hold: number): BenchRow => ({
  name: `${name}: traced / untraced`,
  hold,
  measure: () => tracedRatio(path.join(SNIPPETS, file), RUNS),
});

export const rows: readonly BenchRow[] = [
  measured('computation in threads', 'compute.py', 1.05),
  measured('lock loop, uncontended', 'lockLoop.py', 2.2),
  measured('lock loop, four threads', 'lockContended.py', 2.2),
  measured('queue, producer and consumer', 'queueStream.py', 2.2),
  measured('queue, ping-pong', 'queuePingPong.py', 2.2),
  measured('condition, taking turns', 'conditionTurns.py', 2.2),
  measured('thread churn', 'threadChurn.py', 2.2),
];
