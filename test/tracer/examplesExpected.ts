/**
 * What each example of media/examples prints, as the notes print it (or, for a heading without code, as its text says).
 * `order` says how much of the order is promised: all of it, only the last line, or nothing, where it is a matter of luck.
 */
export interface ExpectedOutput {
  readonly lines: readonly string[];
  readonly order: 'exact' | 'last' | 'any';
}

const text = (block: string, order: ExpectedOutput['order']): ExpectedOutput => ({
  lines: block.trim().split('\n'),
  order,
});

const countdown = '2s\n2s\n1s\n1s\n0s\n0s';
const pairs: [number, number][] = [0, 1, 2, 3].flatMap(x =>
  [0, 1, 2, 3].map((y): [number, number] => [x, y]),
);
const tupleList = `[${pairs.map(([x, y]) => `(${x}, ${y})`).join(', ')}]`;
const squareLists = `[${pairs.map(([x, y]) => `[${x * x}, ${y * y}]`).join(', ')}]`;
const digits = [0, 1, 2, 3, 4, 5, 6, 7, 8, 9];
const addresses = ['https://google.com', 'https://www.python.org/', 'https://api.github.com/'];

/** Thread numbers in brackets (`Thread-1 (run)`, since 3.10), process ids and addresses are masked on both sides. */
export const EXPECTED: Readonly<Record<string, ExpectedOutput>> = {
  '01_threads_join.py': text(
    `task: t1 (thread name: Thread-1)\ntask: t2 (thread name: Thread T2)\n${countdown}\nMainThread`,
    'last',
  ),
  '02_thread_subclass.py': text(`task: t1\ntask: t2\n${countdown}`, 'any'),
  '03_count_threads.py': text('task: t1\ntask: t2\ntask: t3\n4', 'last'),
  '04_daemon_threads.py': text('task: t1\ntask: t2\ntask: t3\n3\n3\n3\nスレッド数: 4', 'last'),
  '05_subprocess_run.py': text(
    'hello from a child\nstatus code: 3\nSENT TO THE CHILD\nsleep 5 was stopped after half a second',
    'exact',
  ),
  '07_executor_submit.py': text('<Future at 0x? state=running>\nstatus code: 200', 'exact'),
  '08_executor_map.py': {
    lines: addresses.map(url => `${url} - status_code 200`),
    order: 'exact',
  },
  '09_executor_as_completed.py': { lines: addresses.map(url => `${url} 200`), order: 'any' },
  '10_executor_wait.py': { lines: [...addresses, 'all completed.'], order: 'last' },
  '12_pool_map.py': {
    lines: [
      ...digits.map(x => `input: ${x}`),
      ...digits.map(x => `double: ${x * x}`),
      '[0, 1, 4, 9, 16, 25, 36, 49, 64, 81]',
    ],
    order: 'last',
  },
  '13_pool_map_tuples.py': {
    lines: [
      tupleList,
      ...pairs.map(([x, y]) => `input: ${x}, ${y}`),
      ...pairs.map(([x, y]) => `double: ${x * x}, ${y * y}`),
      squareLists,
    ],
    order: 'last',
  },
  '14_pool_map_wrapper.py': {
    lines: [
      tupleList,
      ...pairs.map(([x, y]) => `input: ${x} ${y}`),
      ...pairs.map(([x, y]) => `double: ${x * x} ${y * y}`),
    ],
    order: 'any',
  },
  '16_queue_workers.py': text('1\n2\n3\n4\n5\n6', 'any'),
  '17_asyncio_basic.py': text(
    'first is finished.\nsecond is finished.\nthird is finished.',
    'exact',
  ),
  '18_asyncio_gather.py': text(
    'second has just finished.\nthird has just finished.\nfirst has just finished.\n' +
      'gather: first\ngather: second\ngather: third',
    'exact',
  ),
  '19_asyncio_wait.py': text(
    'second has just finished.\ndone: 1, pending: 2\nthird has just finished.\nfirst has just finished.\n' +
      'wait: first\nwait: second\nwait: third',
    'exact',
  ),
  '23_thread_pool.py': {
    lines: [0, 1, 2, 3, 4].map(x => `${x} * ${x} = ${x * x}`),
    order: 'exact',
  },
  '24_process_subclass.py': {
    lines: [
      "I'm main process -> [pid] MainProcess",
      ...Array<string>(5).fill("I'm main process, doing a job now"),
      'New process -> [pid] ChildProcess-1',
      ...Array<string>(5).fill('example.com [200]'),
      '[pid] MainProcess terminated',
      '[pid] ChildProcess-1 terminated',
    ],
    order: 'last',
  },
  '25_process_join.py': text(
    "I'm main process -> [pid] MainProcess\nNew process -> [pid] ChildProcess-1\n" +
      '[pid] ChildProcess-1 terminated\n[pid] MainProcess terminated',
    'exact',
  ),
  '26_several_processes.py': text(
    'worker-1 worked for 0.5 s\nworker-2 worked for 1.0 s\nworker-3 worked for 1.5 s\nall 3 processes ended',
    'last',
  ),
  '27_process_encapsulation.py': text(
    "the main process is free to do something else\n{'and': 2, 'bird': 1, 'cat': 1, 'dog': 1, 'the': 3}",
    'exact',
  ),
  '29_process_pipe.py': text('child received 10\nmain received 100', 'exact'),
  '30_process_shared_memory.py': text('squares: [0, 1, 4, 9]\ncounter: 12', 'exact'),
  '33_event_wait.py': {
    lines: ['Ann', 'Ben', 'Cid']
      .flatMap(name => [`${name} waits for the signal`, `${name} runs`])
      .concat('go'),
    order: 'any',
  },
  '34_barrier_wait.py': {
    lines: ['quick', 'steady', 'slow'].flatMap(name => [`${name} arrives`, `${name} goes on`]),
    order: 'any',
  },
};
