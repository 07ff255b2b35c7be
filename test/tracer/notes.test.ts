/** Each Python fence of the notes, run where it stands in them: a program runs and waits where its text says, a fragment is told what it lacks. */
import assert from 'node:assert/strict';
import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { text } from 'node:stream/consumers';
import { limited } from './examplesRun';

interface Told {
  readonly exitCode: number | null;
  readonly lanes: readonly { helper: boolean }[];
  readonly waits: readonly { kind: string; line: number | null; file: string | null }[];
  readonly notes: readonly string[];
}

const NOTES = 'test/fixtures/notes.md';

/** Line of the fence: its lanes, helpers aside, and waits it must show, as line and kind. */
const PROGRAMS: Readonly<Record<number, { lanes: number; waits: readonly string[] }>> = {
  79: { lanes: 3, waits: ['102 join', '103 join', '87 sleep'] },
  131: { lanes: 3, waits: ['144 sleep', '150 sleep'] },
  174: { lanes: 4, waits: ['181 sleep', '188 sleep'] },
  200: { lanes: 4, waits: ['207 sleep', '221 sleep'] },
  276: { lanes: 3, waits: ['280 exit'] },
  432: { lanes: 2, waits: ['439 sleep', '450 sleep', '452 join'] },
  485: { lanes: 5, waits: ['492 sleep', '499 result'] },
  538: { lanes: 5, waits: ['545 sleep', '554 result'] },
  585: { lanes: 5, waits: [] },
  652: { lanes: 4, waits: ['660 get', '661 sleep', '677 drain'] },
  719: { lanes: 2, waits: ['731 sleep', '740 await', '746 await'] },
  776: { lanes: 3, waits: ['780 exit'] },
  885: { lanes: 2, waits: ['895 sleep', '904 join'] },
};

/** Line of the fence: what must be said to the person when it cannot do its work here. */
const WORDS: Readonly<Record<number, RegExp>> = {
  276: /uses subprocess without importing it: an import of subprocess was added/,
  776: /uses subprocess without importing it: an import of subprocess was added/,
  819: /not a complete Python program/,
};

/** They fetch from the internet with a package that may be missing. */
const FETCHING = [304, 326, 351, 387];

const atOnce = limited(4);

function run(line: number): Promise<Told> {
  return atOnce(async () => {
    const child = spawn(
      process.execPath,
      ['dist/cli.js', 'run', `${NOTES}:${line}`, '--json', '--timeout', '100'],
      { stdio: ['ignore', 'pipe', 'inherit'] },
    );
    const [out] = await Promise.all([text(child.stdout), once(child, 'close')]);
    return JSON.parse(out) as Told;
  });
}

describe('the notes themselves', function () {
  this.timeout(240_000);
  const told = new Map<number, Promise<Told>>();

  before(() => {
    for (const line of new Set([...Object.keys(PROGRAMS), ...Object.keys(WORDS)].map(Number))) {
      told.set(line, run(line));
    }
    for (const line of FETCHING) told.set(line, run(line));
  });

  for (const [line, shows] of Object.entries(PROGRAMS)) {
    it(`run the program at line ${line} and mark its waits in place`, async () => {
      const { exitCode, lanes, waits } = await told.get(Number(line))!;
      assert.equal(exitCode, 0);
      assert.equal(lanes.filter(lane => !lane.helper).length, shows.lanes);
      const seen = new Set(
        waits
          .filter(wait => wait.file?.endsWith('/notes.md'))
          .map(wait => `${wait.line} ${wait.kind}`),
      );
      for (const wait of shows.waits)
        assert.ok(seen.has(wait), `${wait} among ${[...seen].join()}`);
    });
  }

  for (const [line, words] of Object.entries(WORDS)) {
    it(`say of the fragment at line ${line} what it lacks`, async () => {
      assert.match((await told.get(Number(line))!).notes.join('\n'), words);
    });
  }

  for (const line of FETCHING) {
    it(`fetch at line ${line}, or say what stands in the way`, async () => {
      const { exitCode, notes } = await told.get(line)!;
      if (exitCode !== 0) assert.match(notes.join('\n'), /package requests|reach the network/);
    });
  }
});
