import assert from 'node:assert/strict';
import { analyzer, show } from './analysisSupport';

const SOURCE = `import threading

def work(lock):
    with lock:
        pass

class Pool:
    def __init__(self):
        self.first = threading.Thread(target=work, args=(threading.Lock(),))

    def close(self):
        self.first.join()

t1 = threading.Thread(target=work)
t1.join()
`;
const MARKS = ['with lock', 'self.first.join()', 't1.join()'];

describe('a half-typed line of Python', () => {
  const lines = [
    't2 = threading.Thread(target=work, args=("a",',
    'print("hello',
    'for t in threads',
    'for t in threads:',
    'if x == (1',
    't1.',
    'x = ',
    'foo(bar[1, {2: ',
    'def later(',
    'class Later(threading.Thread',
    'from threading import',
    'import',
    'with lock',
    'while True:',
    '@decorated',
    'x = [1, 2',
    'return (',
    'lambda x:',
    'try:',
    'else:',
    ')',
    'await',
    '"""',
  ];
  const places = [
    'def work',
    '        pass',
    'class Pool',
    '    def close',
    't1 = ',
    't1.join()\n',
  ];
  for (const line of lines) {
    it(`loses no mark elsewhere: ${line}`, async () => {
      for (const place of places) {
        const at = SOURCE.indexOf(place);
        const indent = /^ */.exec(place)?.[0] ?? '';
        const text = `${SOURCE.slice(0, at)}${indent}${line}\n${SOURCE.slice(at)}`;
        const document = (await analyzer()).open('python', text);
        const rows = text.split('\n');
        const marked = document.analysis.waitPoints.map(point => rows[point.line - 1] ?? '');
        document.dispose();
        // Three quotes take what follows into the string, as Python does.
        if (line === '"""') continue;
        for (const mark of MARKS) {
          assert.ok(
            marked.some(row => row.includes(mark)),
            `${mark} before ${place}: ${marked.join(' | ')}`,
          );
        }
      }
    });
  }

  it('is marked itself as soon as it can be', async () => {
    const text = `${SOURCE}t1.join(`;
    const document = (await analyzer()).open('python', text);
    assert.equal(document.analysis.waitPoints.map(show).at(-1), '16: join t1');
    document.dispose();
  });
});
