import assert from 'node:assert/strict';
import type { LaneInfo } from '../../../src/webview/messages';
import { layoutRows, type Folding } from '../../../src/webview/rowLayout';

const lane = (id: number, more: Partial<LaneInfo> = {}): LaneInfo => ({
  id,
  kind: 'thread',
  name: `lane ${id}`,
  command: null,
  pid: 100,
  parent: 0,
  process: 0,
  isDaemon: false,
  isHelper: false,
  isTraced: true,
  createdNs: 0,
  endNs: null,
  status: 'running',
  waitGroup: null,
  says: '',
  sinceNs: 0,
  ...more,
});

const main = lane(0, { kind: 'main', name: 'MainThread', parent: null });

const folding = (folded: string[] = [], unfolded: string[] = []): Folding => ({
  folded: new Set(folded),
  unfolded: new Set(unfolded),
});

/** `MainProcess`, `  MainThread` ...: two spaces a level, `>` before what is folded. */
const picture = (lanes: LaneInfo[], how = folding()): string[] =>
  layoutRows(lanes, how).rows.map(
    row => `${'  '.repeat(row.depth)}${row.isFolded ? '>' : ''}${row.name}`,
  );

describe('rows of the timeline', () => {
  it('lists threads below their process and tasks below the thread that runs them', () => {
    const lanes = [
      main,
      lane(1, { name: 'Thread-1' }),
      lane(2, { kind: 'task', name: 'Task-1' }),
      lane(3, { kind: 'task', name: 'Task-2', parent: 2 }),
      lane(4, { kind: 'task', name: 'Task-3', parent: 1 }),
    ];
    assert.deepEqual(picture(lanes), [
      'MainProcess',
      '  MainThread',
      '    Task-1',
      '    Task-2',
      '  Thread-1',
      '    Task-3',
    ]);
  });

  it('lists child processes below the process that started them, with their own threads', () => {
    const lanes = [
      main,
      lane(1, { kind: 'process', name: 'Process-1', process: 1, pid: 101 }),
      lane(2, { name: 'Thread-1 of it', parent: 1, process: 1 }),
      lane(3, { kind: 'process', name: 'Process-1:1', parent: 2, process: 3, pid: 102 }),
      lane(4, { kind: 'subprocess', name: 'ls', parent: 0, process: 4, isTraced: false }),
    ];
    assert.deepEqual(picture(lanes), [
      'MainProcess',
      '  MainThread',
      '  Process-1',
      '    Thread-1 of it',
      '    Process-1:1',
      '  ls',
    ]);
  });

  it('folds helpers away, and gathers the workers of a pool', () => {
    const lanes = [
      main,
      lane(1, { name: 'QueueFeederThread', isHelper: true }),
      lane(2, { name: 'ThreadPoolExecutor-0_0' }),
      lane(3, { name: 'ThreadPoolExecutor-0_1' }),
      lane(4, { name: 'resource_tracker', isHelper: true }),
    ];
    assert.deepEqual(picture(lanes), [
      'MainProcess',
      '  MainThread',
      '  >Helpers',
      '  ThreadPoolExecutor-0',
      '    ThreadPoolExecutor-0_0',
      '    ThreadPoolExecutor-0_1',
    ]);
  });

  it('leaves a single worker of a pool where it is', () => {
    assert.deepEqual(picture([main, lane(1, { name: 'ThreadPoolExecutor-0_0' })]), [
      'MainProcess',
      '  MainThread',
      '  ThreadPoolExecutor-0_0',
    ]);
  });

  it('folds very many of one name by default, not a few', () => {
    const few = [
      main,
      ...Array.from({ length: 50 }, (_, at) => lane(at + 1, { name: `Thread-${at}` })),
    ];
    assert.equal(picture(few).length, 52);
    const many = [
      main,
      ...Array.from({ length: 500 }, (_, at) => lane(at + 1, { name: `Thread-${at}` })),
    ];
    assert.deepEqual(picture(many), ['MainProcess', '  MainThread', '  >Thread']);
    assert.equal(layoutRows(many, folding()).rows[2]?.detail, '500 threads');
  });

  it('folds and unfolds as the person says, whatever the default', () => {
    const lanes = [
      main,
      lane(1, { name: 'feeder', isHelper: true }),
      lane(2, { kind: 'task', name: 'Task-1' }),
    ];
    assert.deepEqual(picture(lanes, folding(['lane:0'], ['helpers:process:0'])), [
      'MainProcess',
      '  >MainThread',
      '  Helpers',
      '    feeder',
    ]);
    assert.deepEqual(picture(lanes, folding(['process:0'])), ['>MainProcess']);
  });

  it('knows the row of every lane; of a hidden one, the row it is folded into', () => {
    const lanes = [
      main,
      lane(1, { name: 'feeder', isHelper: true }),
      lane(2, { kind: 'task', parent: 0, name: 'Task-1' }),
    ];
    const { rows, rowOf } = layoutRows(lanes, folding(['lane:0']));
    assert.equal(rows[rowOf.get(2)!]?.name, 'MainThread');
    assert.equal(rows[rowOf.get(1)!]?.name, 'Helpers');
    assert.equal(rowOf.size, 3);
  });

  it('shows lanes whose parents are unknown or go round in a circle', () => {
    const lanes = [
      lane(5, { kind: 'task', name: 'a', parent: 6, process: 9 }),
      lane(6, { kind: 'task', name: 'b', parent: 5, process: 9 }),
      lane(7, { name: 'c', parent: 99, process: 99 }),
    ];
    assert.deepEqual(picture(lanes).toSorted(), ['  a', '  b', '  c', 'Other processes']);
  });

  it('lays out ten thousand tasks', () => {
    const lanes = [
      main,
      ...Array.from({ length: 10_000 }, (_, at) =>
        lane(at + 1, { kind: 'task', name: `Task-${at}`, parent: at }),
      ),
    ];
    assert.deepEqual(picture(lanes), ['MainProcess', '  MainThread', '    >Task']);
  });
});
