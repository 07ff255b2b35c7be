import assert from 'node:assert/strict';
import {
  MOST_CHILDREN,
  childNodes,
  keyOf,
  parentNode,
  runNodes,
  type ThreadNode,
} from '../../../src/editor/threads/laneNodes';
import type { RunEntry } from '../../../src/editor/runs';
import type { RunModel } from '../../../src/trace/model';
import { modelOf } from '../../support/traceFolder';
import { TraceWriter } from '../../support/traceWriter';

const entryOf = (model: RunModel, id = 1, isEnded = true): RunEntry =>
  ({ id, model, end: isEnded ? { exitCode: 0, signal: null } : null }) as unknown as RunEntry;

function draw(node: ThreadNode, depth = 0): string[] {
  return childNodes(node).flatMap(child => {
    const name =
      child.kind === 'process' || child.kind === 'lane'
        ? `${child.kind} ${child.entry.model.lanes[child.lane]?.name}`
        : child.kind;
    return ['  '.repeat(depth) + name, ...draw(child, depth + 1)];
  });
}

describe('rows of the Threads tree', () => {
  it('put threads below their process and tasks below their thread', () => {
    const w = new TraceWriter();
    w.lane(1, 'thread', 'T1', 0, { parent: 0, begin: 0 });
    w.lane(2, 'task', 'outer', 0, { parent: 0, begin: 0 });
    w.lane(3, 'task', 'inner', 0, { parent: 2, begin: 0 });
    const tree = draw({ kind: 'run', entry: entryOf(modelOf([w])) });
    assert.deepEqual(tree, [
      'process MainThread',
      '  lane MainThread',
      '    lane outer',
      '    lane inner',
      '  lane T1',
    ]);
  });

  it('know the row above each row', () => {
    const w = new TraceWriter();
    w.lane(1, 'thread', 'T1', 0, { parent: 0, begin: 0 });
    w.lane(2, 'task', 'outer', 0, { parent: 1, begin: 0 });
    const root: ThreadNode = { kind: 'run', entry: entryOf(modelOf([w])) };
    const check = (node: ThreadNode): void => {
      for (const child of childNodes(node)) {
        const parent = parentNode(child);
        assert.equal(parent && keyOf(parent), keyOf(node), keyOf(child));
        check(child);
      }
    };
    check(root);
    assert.equal(parentNode(root), undefined);
  });

  it('count what is too many, the main thread and those alive first', () => {
    const w = new TraceWriter();
    const count = MOST_CHILDREN + 50;
    for (let id = 1; id <= count; id++) {
      w.lane(id, 'thread', `T${id}`, 0, { parent: 0, begin: 0 });
      if (id < count) w.laneEnd(id, 'returned', 1);
    }
    const entry = entryOf(modelOf([w]));
    const rows = childNodes({ kind: 'process', entry, lane: 0 });
    assert.equal(rows.length, MOST_CHILDREN + 1);
    assert.deepEqual(
      rows.slice(0, 2).map(row => row.kind === 'lane' && row.lane),
      [0, count],
    );
    const last = rows.at(-1);
    assert.equal(last?.kind === 'more' && last.count, count + 1 - MOST_CHILDREN);
  });

  it('show live runs and the selected one, the newest first', () => {
    const model = modelOf([new TraceWriter()]);
    const [old, shown, live] = [entryOf(model, 1), entryOf(model, 2), entryOf(model, 3, false)];
    const nodes = runNodes(
      [old, shown, live].filter(one => one !== undefined),
      shown,
    );
    assert.deepEqual(
      nodes.map(node => node.entry.id),
      [3, 2],
    );
  });
});
