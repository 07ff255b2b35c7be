import assert from 'node:assert/strict';
import { inEnglish } from '../../../src/base/translate';
import { findUncaughtExceptions } from '../../../src/insights/uncaughtException';
import { modelOf } from '../../support/traceFolder';
import { TraceWriter } from '../../support/traceWriter';

const FILE = '/notes/a.py';

/** What is found when these lanes end badly, each after printing its text. */
function found(...texts: readonly string[]) {
  const w = new TraceWriter();
  for (let lane = 1; lane < texts.length; lane++) {
    w.lane(lane, 'thread', `T${lane}`, 0, { parent: 0, begin: 0 });
    w.laneEnd(lane, 'raised', 50);
  }
  w.laneEnd(0, 'exited', 100, 1);
  const model = modelOf([w], { exitCode: 1 });
  for (const [lane, text] of texts.entries())
    for (const line of text.split(/(?<=\n)/u))
      model.addOutput({ lane, ns: 10, stream: 'stderr', text: line });
  return findUncaughtExceptions({
    model,
    waitPointsOf: () => [],
    sourceOf: file => (file === FILE ? 'text' : null),
    say: inEnglish,
  }).map(({ line, message }) => [line, message]);
}

const endOfThread = (name: string) => `Exception in thread ${name}:
Traceback (most recent call last):
  File "/usr/lib/python3.11/threading.py", line 1038, in _bootstrap_inner
    self.run()
  File "${FILE}", line 5, in work
    raise ValueError(7)
ValueError: 7
`;

describe('an exception that ended a lane', () => {
  it('stands on the innermost line of the person', () => {
    const text = `Traceback (most recent call last):
  File "${FILE}", line 9, in <module>
    main()
  File "${FILE}", line 4, in main
    json.loads("{")
  File "/usr/lib/python3.11/json/__init__.py", line 346, in loads
    return _default_decoder.decode(s)
           ^^^^^^^^^^^^^^^^^^^^^^^^^^
json.decoder.JSONDecodeError: Expecting property name: line 1 column 2 (char 1)
`;
    assert.deepEqual(found(text), [
      [
        4,
        'json.decoder.JSONDecodeError: Expecting property name: line 1 column 2 (char 1) (this ended MainThread)',
      ],
    ]);
  });

  it('is found by its only frame, also where more of the error follows', () => {
    const text = `Uncaught Error: boom
    at bad (${FILE}:7:3) {
  [cause]: Error: inner
      at other (${FILE}:9:3)
}
`;
    assert.deepEqual(found(text), [[7, 'Error: boom (this ended MainThread)']]);
  });

  it('is the last of a chain', () => {
    const text = `Traceback (most recent call last):
  File "${FILE}", line 2, in f
    1 / 0
ZeroDivisionError: division by zero

During handling of the above exception, another exception occurred:

Traceback (most recent call last):
  File "${FILE}", line 6, in <module>
    raise KeyError
KeyError
`;
    assert.deepEqual(found(text), [[6, 'KeyError (this ended MainThread)']]);
  });

  it('may be of text that cannot be compiled', () => {
    const text = `  File "${FILE}", line 3\n    def f(:\n          ^\nSyntaxError: invalid syntax\n`;
    assert.deepEqual(found(text), [[3, 'SyntaxError: invalid syntax (this ended MainThread)']]);
  });

  it('is told once for several lanes', () => {
    assert.deepEqual(found('', endOfThread('T1'), endOfThread('T2')), [
      [5, 'ValueError: 7 (this ended T1 and T2)'],
    ]);
  });

  it('of JavaScript is read from its stack', () => {
    const text = `Uncaught TypeError: bad
    at fail (node:internal/timers:1:2)
    at f (file://${FILE}:4:9)
    at async <anonymous> (${FILE}:6:1)
`;
    assert.deepEqual(found(text), [[4, 'TypeError: bad (this ended MainThread)']]);
    const unparsed = `file://${FILE}:1\nlet x = ;\n        ^\n\nSyntaxError: Unexpected token ';'\n    at compile (node:internal/modules/esm/utils:346:16)\n`;
    assert.deepEqual(found(unparsed), [
      [1, "SyntaxError: Unexpected token ';' (this ended MainThread)"],
    ]);
  });

  for (const [what, text] of [
    ['a traceback of files that are not at hand', '  File "/else.py", line 3, in f\nKeyError: 1\n'],
    ['an interrupt', `  File "${FILE}", line 3, in f\nKeyboardInterrupt\n`],
    ['words of the snippet', 'Error: the disk is full\n'],
  ] as const) {
    it(`is not ${what}`, () => assert.deepEqual(found(text), []));
  }
});
