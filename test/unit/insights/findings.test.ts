import assert from 'node:assert/strict';
import { inEnglish, type Translate } from '../../../src/base/translate';
import type { WaitPoint } from '../../../src/analysis/waitPoint';
import type { Finding } from '../../../src/insights/finding';
import { findFindings } from '../../../src/insights/findings';
import type { TraceModel } from '../../../src/trace/traceModel';
import { LANGUAGES, translationTo } from '../../support/translations';
import { liveModelOf, modelOf } from '../../support/traceFolder';
import { TraceWriter } from '../../support/traceWriter';

const S = 1e9;
const MS = 1e6;
const FILE = '/notes/a.py';

function threads(
  names: readonly string[],
  more: { flags?: number; site?: number } = {},
): TraceWriter {
  const w = new TraceWriter();
  for (const [index, name] of names.entries()) {
    w.lane(index + 1, 'thread', name, 0, { parent: 0, begin: 0, ...more });
  }
  return w;
}

const told = (findings: readonly Finding[]) =>
  findings.map(({ rule, severity, line }) => [rule, severity, line]);

/** In English; the other languages are asked too, which have words for all that is found anywhere here. */
function find(model: TraceModel, source: string | null = null, points: readonly WaitPoint[] = []) {
  const found = findIn(inEnglish, model, source, points);
  for (const say of LANGUAGES.map(translationTo))
    assert.deepEqual(told(findIn(say, model, source, points)), told(found));
  return found;
}

function findIn(
  say: Translate,
  model: TraceModel,
  source: string | null = null,
  points: readonly WaitPoint[] = [],
) {
  return findFindings({ model, waitPointsOf: () => points, sourceOf: () => source, say });
}

function twoLocks(): TraceWriter {
  const w = threads(['A', 'B']);
  w.object(1, 'lock', 'left');
  w.object(2, 'lock', 'right');
  w.wait({ kind: 'join', on: { lane: 1 }, from: 10, site: w.site(FILE, 30) });
  const one = w.site(FILE, 16);
  const two = w.site(FILE, 24);
  w.wait({ lane: 1, kind: 'lock', on: { object: 2 }, also: [{ lane: 2 }], from: 1 * S, site: one });
  w.wait({ lane: 2, kind: 'lock', on: { object: 1 }, also: [{ lane: 1 }], from: 2 * S, site: two });
  return w;
}

const stuckConsumer = (): TraceWriter => {
  const w = threads(['producer', 'consumer']);
  w.object(1, 'queue', 'jobs');
  w.wait({ lane: 2, kind: 'get', on: { object: 1 }, from: 1 * S, site: w.site(FILE, 9) });
  w.wait({ kind: 'join', on: { lane: 2 }, from: 1 * S });
  return w;
};

const loopWithTasks = (others: number): TraceWriter => {
  const w = new TraceWriter();
  for (let lane = 1; lane <= others + 1; lane++) {
    w.lane(lane, 'task', `task ${lane}`, 0, { parent: 0, begin: 0 });
  }
  w.record('step', { lane: 1, a: 1, t: 100 * MS, ref: 1 });
  return w;
};

const awaitAt = (line: number): WaitPoint => ({
  kind: 'await',
  target: null,
  label: '',
  certain: true,
  registers: false,
  line,
  column: 5,
  endLine: line,
  endColumn: 20,
});

describe('deadlock', () => {
  it('is told while it lasts, with what each lane holds', () => {
    const [deadlock, ...rest] = find(liveModelOf([twoLocks()], 5 * S));
    assert.deepEqual(rest, []);
    assert.deepEqual(
      [deadlock?.rule, deadlock?.severity, deadlock?.file, deadlock?.line],
      ['deadlock', 'error', FILE, 16],
    );
    assert.match(
      deadlock?.message ?? '',
      /^Deadlock since 2\.00 s after the start: A waits for lock right, which B holds \(line 16\); B waits for lock left, which A holds \(line 24\)\./,
    );
    assert.deepEqual(
      deadlock?.related?.map(place => place.line),
      [24],
    );
  });

  it('is told after the run was ended for it', () => {
    const w = twoLocks();
    w.record('note', { t: 9 * S });
    const [deadlock] = find(modelOf([w], { signal: 'SIGTERM' }));
    assert.match(deadlock?.message ?? '', /^Deadlock for 7\.00 s/);
  });

  it('of one lane with itself is told', () => {
    const w = threads([]);
    w.object(1, 'lock', 'jobs');
    w.wait({
      kind: 'lock',
      on: { object: 1 },
      also: [{ lane: 0 }],
      from: 0,
      site: w.site(FILE, 4),
    });
    const [deadlock] = find(liveModelOf([w], 2 * S));
    assert.match(deadlock?.message ?? '', /MainThread waits for lock jobs, which it holds itself/);
  });

  it('is not told of waits that end by themselves', () => {
    const w = threads(['A', 'B']);
    w.object(1, 'lock', 'left');
    w.object(2, 'lock', 'right');
    const lock = { kind: 'lock', timeout: 5 * S } as const;
    w.wait({ ...lock, lane: 1, on: { object: 2 }, also: [{ lane: 2 }], from: 0 });
    w.wait({ ...lock, lane: 2, on: { object: 1 }, also: [{ lane: 1 }], from: 0 });
    assert.deepEqual(find(liveModelOf([w], 1 * S)), []);
  });

  it('is not told of a join of a lane that works', () => {
    const w = threads(['A']);
    w.wait({ kind: 'join', on: { lane: 1 }, from: 10 });
    assert.deepEqual(find(liveModelOf([w], 5 * S)), []);
  });
});

describe('lock held while waiting', () => {
  it('is told at the line that holds the others up', () => {
    const w = threads(['t0', 't1']);
    w.object(1, 'lock', 'results_lock');
    const sleep = w.site(FILE, 5);
    const lock = w.site(FILE, 4);
    const cause = { lane: 1, t: 310 * MS, site: lock };
    const waits = { lane: 2, kind: 'lock', on: { object: 1 }, site: lock, cause } as const;
    w.wait({ lane: 1, kind: 'sleep', from: 10 * MS, to: 305 * MS, site: sleep });
    w.wait({ ...waits, from: 20 * MS, to: 311 * MS });
    const join = { kind: 'join', from: 1 * S, to: 1 * S, site: w.site(FILE, 9) } as const;
    for (const lane of [1, 2]) w.wait({ ...join, on: { lane } });
    const [finding, ...rest] = find(modelOf([w]));
    assert.deepEqual(rest, []);
    assert.deepEqual(told([finding!]), [['lock-held-while-waiting', 'warning', 5]]);
    assert.match(
      finding!.message,
      /^t0 sleeps here while it holds lock results_lock; others waited 285 ms/,
    );
  });

  it('is not told where the holder computed', () => {
    const w = threads(['t0', 't1']);
    w.object(1, 'lock', 'results_lock');
    const cause = { lane: 1, t: 310 * MS };
    w.wait({ lane: 2, kind: 'lock', on: { object: 1 }, from: 0, to: 311 * MS, cause });
    const join = { kind: 'join', from: 1 * S, to: 1 * S, site: w.site(FILE, 9) } as const;
    for (const lane of [1, 2]) w.wait({ ...join, on: { lane } });
    assert.deepEqual(find(modelOf([w])), []);
  });
});

describe('threads nobody joins', () => {
  it('are told once for the line that made them', () => {
    const w = new TraceWriter();
    const site = w.site(FILE, 8);
    for (const lane of [1, 2, 3]) {
      w.lane(lane, 'thread', `t${lane}`, 0, { parent: 0, begin: 0, site });
      w.laneEnd(lane, 'returned', lane * S);
    }
    w.wait({ kind: 'join', on: { lane: 2 }, from: 0, to: 2 * S, site: w.site(FILE, 9) });
    const findings = find(modelOf([w]));
    assert.deepEqual(told(findings), [['never-joined', 'info', 8]]);
    assert.match(findings[0]!.message, /^t1 and t3 are never joined/);
  });

  it('are told with how long the program waited for them at its end', () => {
    const w = new TraceWriter();
    w.lane(1, 'thread', 't1', 0, { parent: 0, begin: 0, site: w.site(FILE, 8) });
    w.wait({ kind: 'join', on: { lane: 1 }, from: 1 * S, to: 3 * S });
    w.laneEnd(1, 'returned', 3 * S);
    const [finding] = find(modelOf([w]));
    assert.match(finding?.message ?? '', /main thread came to its end 2\.00 s before the program/);
  });

  it('are worth a warning when they failed', () => {
    const w = new TraceWriter();
    w.lane(1, 'thread', 't1', 0, { parent: 0, begin: 0, site: w.site(FILE, 8) });
    w.laneEnd(1, 'raised', 1 * S, 0, 'ValueError: no');
    const [finding] = find(modelOf([w]));
    assert.equal(finding?.severity, 'warning');
    assert.match(finding?.message ?? '', /t1 raised ValueError: no, and nobody noticed/);
  });

  it('are daemons cut off in the middle, or idle and not worth a word', () => {
    const w = new TraceWriter();
    const site = w.site(FILE, 8);
    for (const lane of [1, 2]) {
      w.lane(lane, 'thread', `d${lane}`, 0, { parent: 0, begin: 0, flags: 1, site });
    }
    w.wait({ lane: 1, kind: 'sleep', from: 0, site: w.site(FILE, 11) });
    w.wait({ lane: 2, kind: 'get', from: 0, site: w.site(FILE, 12) });
    w.laneEnd(0, 'returned', 2 * S);
    assert.deepEqual(told(find(modelOf([w]))), [['daemon-cut-off', 'info', 11]]);
  });
});

describe('a get that nobody serves', () => {
  it('is told when all others have ended or wait too', () => {
    const w = stuckConsumer();
    w.laneEnd(1, 'returned', 2 * S);
    const findings = find(liveModelOf([w], 4 * S));
    assert.deepEqual(told(findings), [['endless-wait', 'error', 9]]);
    assert.match(
      findings[0]!.message,
      /^consumer waits for queue jobs, since [\d.]+ s after the start, but/,
    );
  });

  it('is not told while somebody may still put', () => {
    assert.deepEqual(find(liveModelOf([stuckConsumer()], 4 * S)), []);
  });

  it('is told of a queue of which not all is done', () => {
    const w = threads(['worker']);
    w.object(1, 'queue', 'q');
    w.laneEnd(1, 'returned', 1 * S);
    w.wait({ kind: 'drain', on: { object: 1 }, from: 1 * S, site: w.site(FILE, 28) });
    const findings = find(liveModelOf([w], 4 * S));
    assert.deepEqual(told(findings), [['unfinished-drain', 'error', 28]]);
    assert.match(findings[0]!.message, /each get\(\) needs a task_done\(\)/);
  });
});

describe('a blocked event loop', () => {
  it('is told at the call that blocks', () => {
    const w = loopWithTasks(2);
    w.wait({ lane: 1, kind: 'sleep', from: 110 * MS, to: 500 * MS, site: w.site(FILE, 11) });
    w.record('step', { lane: 1, a: 0, t: 501 * MS, site: w.site(FILE, 12) });
    const findings = find(modelOf([w]));
    assert.deepEqual(told(findings), [['blocked-loop', 'warning', 11]]);
    assert.match(
      findings[0]!.message,
      /^task 1 held up the event loop for 401 ms: 2 other tasks .* asyncio\.sleep/,
    );
  });

  it('is told at the next await when the task computed', () => {
    const w = loopWithTasks(1);
    w.record('step', { lane: 1, a: 0, t: 501 * MS, site: w.site(FILE, 12) });
    const findings = find(modelOf([w]));
    assert.deepEqual(told(findings), [['blocked-loop', 'warning', 12]]);
    assert.match(findings[0]!.message, /another task .* computes up to this line/);
  });

  it('is not told when there is no other task', () => {
    const w = loopWithTasks(0);
    w.record('step', { lane: 1, a: 0, t: 501 * MS });
    assert.deepEqual(find(modelOf([w])), []);
  });
});

describe('jobs', () => {
  it('that raised and were never asked are told', () => {
    const w = threads(['pool_0']);
    const site = w.site(FILE, 6);
    for (const id of [1, 2]) {
      w.record('jobSubmit', { id, t: 0, site, text: w.string(`square(${id})`) });
      w.record('jobBegin', { id, lane: 1, t: 1 });
      w.record('jobEnd', { id, lane: 1, t: 2, b: 3, text: w.string('TypeError: no') });
    }
    w.wait({ kind: 'result', on: { job: 2 }, from: 3, to: 4, outcome: 'raised' });
    const findings = find(modelOf([w]));
    assert.deepEqual(told(findings), [['unseen-exception', 'warning', 6]]);
    assert.match(findings[0]!.message, /^square\(1\) raised TypeError: no/);
  });

  it('that wait in line for a small pool are told', () => {
    const w = threads(['pool_0']);
    w.object(1, 'pool', 'executor', { site: w.site(FILE, 3) });
    for (let id = 1; id <= 4; id++) {
      const from = (id - 1) * S;
      w.record('jobSubmit', { id, t: 0, ref: 1 });
      w.record('jobBegin', { id, lane: 1, t: from });
      w.wait({ lane: 1, kind: 'sleep', from: from + 1, to: from + 0.9 * S });
      w.record('jobEnd', { id, lane: 1, t: from + S, b: 1 });
    }
    const findings = find(modelOf([w]));
    assert.deepEqual(told(findings), [['pool-too-small', 'info', 3]]);
    assert.match(findings[0]!.message, /1 worker is few for 4 jobs/);
  });
});

function runAwaits(
  source: string,
  lines: readonly number[],
  gapMs = 0.1,
  language = 1,
  lastsMs = 300,
): Finding[] {
  const w = new TraceWriter({ language });
  w.lane(1, 'task', 'Task-1', 0, { parent: 0, begin: 0 });
  let t = 0;
  for (const line of lines) {
    w.wait({ lane: 1, kind: 'await', from: t, to: t + lastsMs * MS, site: w.site(FILE, line) });
    t += (lastsMs + gapMs) * MS;
  }
  return find(
    modelOf([w]),
    source,
    source.split('\n').map((_, at) => awaitAt(at + 1)),
  );
}

describe('awaits in sequence', () => {
  it('that do not need each other are told, with a fix', () => {
    const source =
      'import asyncio\nasync def main():\n    a = await get(1)\n    await get(2)\n    return a';
    const [finding, ...rest] = runAwaits(source, [3, 4]);
    assert.deepEqual(rest, []);
    assert.deepEqual(told([finding!]), [['sequential-awaits', 'info', 3]]);
    assert.match(finding!.message, /These 2 awaits \(lines 3, 4\) .* took 600 ms.*about 300 ms/);
    assert.deepEqual(finding!.fix?.edits, [
      {
        line: 3,
        column: 5,
        endLine: 4,
        endColumn: 17,
        newText: 'a, _ = await asyncio.gather(\n        get(1),\n        get(2),\n    )',
      },
    ]);
  });

  it('that are the rounds of a loop over items are told', () => {
    const source = 'for url in urls:\n    page = await load(url)\n    print(page)';
    const [finding, ...rest] = runAwaits(source, [2, 2, 2]);
    assert.deepEqual(rest, []);
    assert.deepEqual(told([finding!]), [['sequential-awaits', 'info', 2]]);
    assert.match(
      finding!.message,
      /^The rounds of this loop .* 900 ms in all.* asyncio\.gather .* about 300 ms/,
    );
    assert.equal(finding!.fix, undefined);
  });

  it('of seconds are told although a busy machine was slow between them', () => {
    const source = 'for url in urls:\n    page = await load(url)';
    const [finding] = runAwaits(source, [2, 2], 40, 1, 3000);
    assert.match(finding?.message ?? '', /6\.00 s in all.* about 3\.00 s/);
  });

  it('of JavaScript are told in its words', () => {
    const source = 'for (const url of urls) {\n  const page = await load(url);\n}';
    const [finding] = runAwaits(source, [2, 2], 0.1, 2);
    assert.match(finding?.message ?? '', /rounds of this loop.* Promise\.all would take/);
  });

  for (const [why, source] of [
    ['do not use the item', 'for attempt in range(3):\n    page = await load(url)'],
    ['use the round before', 'for url in urls:\n    page = await load(url, page)'],
    [
      'may be left early',
      'for url in urls:\n    page = await load(url)\n    if page:\n        break',
    ],
    ['are of no for loop', 'while url:\n    page = await load(url)'],
  ] as const) {
    it(`are not told of rounds that ${why}`, () => {
      assert.deepEqual(runAwaits(source, [2, 2, 2]), []);
    });
  }

  for (const [why, source, lines, gapMs] of [
    ['uses the result', 'a = await get(1)\nb = await get(a)', [1, 2], 0.1],
    ['is in another block', 'a = await get(1)\n  b = await get(2)', [1, 2], 0.1],
    ['has code between', 'a = await get(1)\nprint(1)\nb = await get(2)', [1, 3], 0.1],
    ['comes much later', 'a = await get(1)\nb = await get(2)', [1, 2], 50],
    ['talks to the same object', 'await c.open()\nawait c.send()', [1, 2], 0.1],
    ['is more than a call', 'a = await get(1) + 1\nb = await get(2)', [1, 2], 0.1],
  ] as const) {
    it(`are not told where the second ${why}`, () =>
      assert.deepEqual(runAwaits(source, lines, gapMs), []));
  }
});

const messagesIn = (language: 'ja' | 'zh-tw', model: TraceModel): string[] =>
  findIn(translationTo(language), model).map(finding => finding.message);

describe('findings in the language of the editor', () => {
  it('tell a deadlock', () => {
    const model = liveModelOf([twoLocks()], 5 * S);
    assert.deepEqual(messagesIn('ja', model), [
      'デッドロック（開始 2.00 s 後から）: A は B が保持する lock right を待っています（16 行目）。B は A が保持する lock left を待っています（24 行目）。どれも先に進めません。ロックはどこでも同じ順序で取得してください。',
    ]);
    assert.deepEqual(messagesIn('zh-tw', model), [
      '死結（自開始後 2.00 s 起）：A 等待由 B 持有的 lock right（第 16 行）；B 等待由 A 持有的 lock left（第 24 行）。沒有一方能繼續。請在各處以相同順序取得鎖。',
    ]);
    const [deadlock] = findIn(translationTo('ja'), model);
    assert.deepEqual(
      deadlock?.related?.map(place => place.message),
      ['B は A が保持する lock left を待っています（24 行目）'],
    );
  });

  it('tell a blocked event loop and what to do', () => {
    const w = loopWithTasks(2);
    w.record('step', { lane: 1, a: 0, t: 600 * MS, site: w.site(FILE, 7) });
    assert.deepEqual(messagesIn('ja', liveModelOf([w], 700 * MS)), [
      'task 1 がイベントループを 500 ms ふさぎ、その間ほかのタスク 2 個が動けませんでした。 この行まで await せずに計算しています。asyncio.to_thread(...) か別プロセスで行ってください。',
    ]);
  });
});
