import assert from 'node:assert/strict';
import * as vscode from 'vscode';

describe('the extension host', () => {
  it('sees the extension of this repository', () => {
    assert.ok(vscode.extensions.getExtension('concurrency-lens.concurrency-lens'));
  });
  it('runs in the repository folder', () => {
    assert.equal(
      process.cwd(),
      vscode.extensions.getExtension('concurrency-lens.concurrency-lens')?.extensionPath,
    );
  });
});
