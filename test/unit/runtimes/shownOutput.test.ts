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

  it('calls a cell of a notebook by its number', () => {
    const cell = {
      programPath: '/tmp/x/cell.py',
      documentPath: 'vscode-notebook-cell:/a.ipynb#W1s',
    };
    const text = 'File "/tmp/x/cell.py", line 2\nfile:///tmp/x/cell.py:3\n';
    assert.equal(
      shownOutput({ ...cell, shownAs: 'a.ipynb · cell 2' }, text),
      'File "a.ipynb · cell 2", line 2\na.ipynb · cell 2:3\n',
    );
  });

  it('leaves everything else as it is', () => {
    assert.equal(shownOutput(files, '/tmp/other.py file:///tmp/a'), '/tmp/other.py file:///tmp/a');
    const saved = { programPath: '/work/a.py', documentPath: '/work/a.py' };
    assert.equal(shownOutput(saved, 'in /work/a.py'), 'in /work/a.py');
  });
});
