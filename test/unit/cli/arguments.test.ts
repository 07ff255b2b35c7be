import assert from 'node:assert/strict';
import { parseArguments, UsageError } from '../../../src/cli/arguments';

const parse = (line: string, existing: readonly string[] = []) =>
  parseArguments(line.split(' ').filter(Boolean), file => existing.includes(file));

describe('command line arguments', () => {
  it('reads every option of run', () => {
    assert.deepEqual(
      parse(
        'run notes.md:12 --json --perfetto out.json --timeout 2.5 --python /py --in worker -- a --json',
      ),
      {
        name: 'run',
        file: 'notes.md',
        line: 12,
        isJson: true,
        perfetto: 'out.json',
        timeoutMs: 2500,
        python: '/py',
        inProcess: 'worker',
        args: ['a', '--json'],
      },
    );
  });

  it('takes options before the file, and with an equals sign', () => {
    const command = parse('run --timeout=3 --json a.py');
    assert.ok(command.name === 'run');
    assert.deepEqual([command.file, command.timeoutMs, command.isJson], ['a.py', 3000, true]);
  });

  it('takes a file whose name ends like a line for a file', () => {
    const command = parse('run a.py:3', ['a.py:3']);
    assert.ok(command.name === 'run');
    assert.deepEqual([command.file, command.line], ['a.py:3', null]);
  });

  it('keeps a drive letter in the path', () => {
    const command = parse('run C:\\notes.md:7');
    assert.ok(command.name === 'run');
    assert.deepEqual([command.file, command.line], ['C:\\notes.md', 7]);
  });

  it('reads points and help', () => {
    assert.deepEqual(parse('points a.py --json'), { name: 'points', file: 'a.py', isJson: true });
    for (const line of ['help', '--help', 'run --help', 'points -h']) {
      assert.deepEqual(parse(line), { name: 'help' });
    }
  });

  for (const [line, message] of [
    ['', /Say what to do/],
    ['walk a.py', /no command "walk"/],
    ['run', /needs a file/],
    ['run a.py b.py', /takes one file, not 2: a\.py, b\.py/],
    ['run a.py --fast', /no option --fast/],
    ['run a.py --timeout', /--timeout needs a value/],
    ['run a.py --timeout soon', /takes seconds/],
    ['run a.py --timeout 0', /takes seconds/],
    ['run a.py --in space', /"worker" or "process"; "space"/],
    ['points a.py --timeout 3', /no option --timeout/],
    ['points a.py -- x', /runs nothing/],
  ] as const) {
    it(`says what is wrong with "${line}"`, () => {
      assert.throws(
        () => parse(line),
        error => error instanceof UsageError && message.test(error.message),
      );
    });
  }

  it('says how to run a file that is given alone', () => {
    const here = ['notes.md'];
    assert.throws(() => parse('notes.md', here), /md is a file; say "run notes\.md" to run it/);
    assert.throws(() => parse('notes.md:12', here), /say "run notes\.md:12"/);
    assert.throws(() => parse('gone.py', here), /no command "gone\.py"/);
  });
});
