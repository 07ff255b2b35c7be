import assert from 'node:assert/strict';
import { onlyDefines } from '../../../src/runtimes/python/onlyDefines';

describe('code that only defines', () => {
  for (const code of [
    'from threading import Thread\n\n# callback\ndef click(self):\n    self.start()\n',
    '@decorator\nclass A:\n    x = f()\n\n\nasync def g(\n    a,\n):\n    await a\n',
    '"""What it is."""\r\nimport os\r\ndef f():\r\n    return os\r\n',
    '    def f():\n        g()\n\n    # done\n',
  ])
    it(JSON.stringify(code), () => assert.equal(onlyDefines(code), true));
});

describe('code that does something', () => {
  for (const code of [
    '',
    'import os\n',
    'def f():\n    pass\n\nf()\n',
    'def f():\n    pass\nif __name__ == "__main__":\n    f()\n',
    'def f(): pass\nx = f()\n',
    '    def f():\n        g()\n    f()\n',
    'def f():\n    return """\ntext at the margin\n"""\n',
  ])
    it(JSON.stringify(code), () => assert.equal(onlyDefines(code), false));
});
