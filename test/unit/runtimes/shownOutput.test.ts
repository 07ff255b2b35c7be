import assert from 'node:assert/strict';
import { shownOutput } from '../../../src/runtimes/shownOutput';

describe('output as a person reads it', () => {
  const files = { programPath: '/tmp/x y/ü.md.py', documentPath: '/work/my ü.md' };

  it('names the note where the interpreter names its scratch copy', () => {
    assert.equal(
      shownOutput(files, '  File "/tmp/x y/ü.md.py", line 9\n'),
      '  File "/work/my ü.md", line 9\n',
    );
    assert.equal(
      shownOutput(files, 'file:///tmp/x%20y/%C3%BC.md.py:13\n'),
      'file:///work/my%20%C3%BC.md:13\n',
    );
  });

  it('leaves everything else as it is', () => {
    assert.equal(shownOutput(files, '/tmp/other.py file:///tmp/a'), '/tmp/other.py file:///tmp/a');
    const saved = { programPath: '/work/a.py', documentPath: '/work/a.py' };
    assert.equal(shownOutput(saved, 'in /work/a.py'), 'in /work/a.py');
  });
});
