import assert from 'node:assert/strict';
import { analyze, analyzer, show } from './analysisSupport';

describe('snippets', () => {
  it('of a Python file are the file and its main guard', async () => {
    const text = 'import time\n\nif __name__ == "__main__":\n    time.sleep(1)\n';
    const { snippets } = await analyze('python', text, { path: '/notes/wait.py' });
    assert.deepEqual(
      snippets.map(one => [one.kind, one.label, one.line, one.endLine]),
      [
        ['file', 'wait.py', 1, 5],
        ['main-guard', '__main__', 3, 4],
      ],
    );
  });

  it('of other documents are none', async () => {
    assert.deepEqual(await analyze('plaintext', 'import time'), { waitPoints: [], snippets: [] });
  });
});

describe('cells of a notebook', () => {
  it('see what earlier cells define', async () => {
    const earlier = [
      '%matplotlib inline\nimport threading',
      '!pip install x\nt = threading.Thread()',
    ];
    const document = (await analyzer()).open('python', 't.join()\n%time\nt.join(1)', {
      earlierCells: earlier,
    });
    assert.deepEqual(document.analysis.waitPoints.map(show), ['1: join t', '3: join t']);
    assert.deepEqual(document.analysis.snippets, []);
    document.update('t.join()\n%time\nt.join(1)', { earlierCells: ['t = ","'] });
    assert.deepEqual(document.analysis.waitPoints.map(show), []);
    document.dispose();
  });
});

describe('imports of other files of the workspace', () => {
  const files = new Map([
    [
      '/w/helper.py',
      'import threading\ndef spawn():\n    return threading.Thread()\nclass Job(threading.Thread): pass\n',
    ],
    ['/w/pkg/__init__.py', 'from .inner import *\nfrom . import inner\n'],
    ['/w/pkg/inner.py', 'import queue\nfrom helper import spawn\njobs = queue.Queue()\n'],
    ['/w/a.py', 'from b import *\n'],
    ['/w/b.py', 'from a import *\n'],
  ]);
  const readFile = (path: string): string | undefined => files.get(path);

  it('are followed by name, by star and through packages', async () => {
    const text = `import helper
from helper import Job as J
from pkg import jobs, inner
helper.spawn().join()
J().join()
jobs.get()
inner.jobs.get()
`;
    const { waitPoints } = await analyze('python', text, { path: '/w/main.py', readFile });
    assert.deepEqual(
      waitPoints.map(one => `${one.line}: ${one.kind}`),
      ['4: join', '5: join', '6: get', '7: get'],
    );
  });

  it('that go round end', async () => {
    const { waitPoints } = await analyze('python', 'from a import *\nx.join()', {
      path: '/w/main.py',
      readFile,
    });
    assert.deepEqual(waitPoints, []);
  });
});
