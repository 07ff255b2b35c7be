import assert from 'node:assert/strict';
import * as vscode from 'vscode';
import type { ExtensionApi } from '../../src/extension';
import { formatDuration } from '../../src/base/duration';
import type { ThreadNode } from '../../src/editor/threads/laneNodes';
import {
  activate,
  closeAll,
  ended,
  marksWhen,
  masked,
  openFile,
  openNotebook,
  start,
  until,
} from './window';

const DEADLOCK = `import threading
import time

left = threading.Lock()
right = threading.Lock()

def one():
    with left:
        time.sleep(0.2)
        with right:
            pass

def two():
    with right:
        time.sleep(0.2)
        with left:
            pass

a = threading.Thread(target=one, name="A")
b = threading.Thread(target=two, name="B")
a.start(); b.start()
a.join(); b.join()
`;

/** The tree as indented lines: label, description, icon. */
function draw(api: ExtensionApi, node?: ThreadNode, depth = 0): string[] {
  return api.threads.getChildren(node).flatMap(child => {
    const item = api.threads.getTreeItem(child);
    const icon = item.iconPath instanceof vscode.ThemeIcon ? item.iconPath.id : '';
    const line = `${'  '.repeat(depth)}${item.label as string} [${icon}] ${item.description ?? ''}`;
    return [line, ...draw(api, child, depth + 1)];
  });
}

const withoutNumbers = (line: string): string =>
  line.replace(/pid \d+/u, 'pid <n>').replace(/Python \d+\.\d+\.\d+/u, 'Python <version>');

async function hoverText(uri: vscode.Uri, at: vscode.Position): Promise<string> {
  const hovers = await vscode.commands.executeCommand<vscode.Hover[]>(
    'vscode.executeHoverProvider',
    uri,
    at,
  );
  return hovers
    .flatMap(hover => hover.contents)
    .map(one => (one as vscode.MarkdownString).value)
    .join('\n');
}

/** VS Code gives up an answer when another extension registers its actions meanwhile, as they do while a window starts: then it is asked again. */
async function actionAt(
  uri: vscode.Uri,
  range: vscode.Range,
  title: string,
): Promise<vscode.CodeAction> {
  let titles: string[] = [];
  for (let asked = 0; asked < 50; asked++) {
    const actions = await vscode.commands.executeCommand<vscode.CodeAction[]>(
      'vscode.executeCodeActionProvider',
      uri,
      range,
    );
    const found = actions.find(action => action.title === title);
    if (found) return found;
    titles = actions.map(action => action.title);
    await new Promise(resolve => setTimeout(resolve, 100));
  }
  throw new Error(`no action "${title}" among ${titles.join(', ')}`);
}

/** Of this window: no test opens one by itself. */
const terminals = (): number => vscode.window.terminals.length;

describe('views of a run', () => {
  let api: ExtensionApi;
  before(async () => (api = await activate()));
  afterEach(() => closeAll(api));

  it('the Threads tree says of each lane what it waits for, and keeps a finished run', async () => {
    const { document } = await openFile('dead.py', DEADLOCK);
    const entry = await start(api);
    await marksWhen(
      api,
      document,
      lines => lines.filter(line => line.includes('held by')).length === 2,
    );
    const live = masked(draw(api)).map(withoutNumbers);
    assert.deepEqual(live, [
      'dead.py [play] running <time> · Python <version>',
      '  MainProcess [server-process] pid <n>',
      '    MainThread [watch] joins A · <time>',
      '    A [watch] wants lock right, held by B · <time>',
      '    B [watch] wants lock left, held by A · <time>',
    ]);
    await vscode.commands.executeCommand('concurrencyLens.stop');
    const after = masked(draw(api)).map(withoutNumbers);
    assert.equal(after[0], 'dead.py [circle-slash] stopped · <time> · Python <version>');
    assert.equal(after.length, 5);
    assert.equal(entry.state, 'stopped');
  });

  it('a run takes the terminal of its document, and ended runs keep a few', async () => {
    const most = Math.max(terminals(), 3);
    await openFile('t-1.py', 'print(1)\n');
    await ended(api, await start(api));
    const first = terminals();
    await ended(api, await start(api));
    assert.equal(terminals(), first);
    for (const name of ['t-2.py', 't-3.py', 't-4.py', 't-5.py']) {
      await openFile(name, 'print(2)\n');
      await ended(api, await start(api));
    }
    assert.ok(terminals() <= most, vscode.window.terminals.map(one => one.name).join(', '));
  });

  it('a deadlock is found while it lasts, in Problems too', async () => {
    const { document } = await openFile('dead.py', DEADLOCK);
    const entry = await start(api);
    await until(
      api.findings.onDidChange,
      () => api.findings.of(entry).length > 0,
      () => 'no finding',
    );
    const diagnostics = (): vscode.Diagnostic[] =>
      vscode.languages
        .getDiagnostics(document.uri)
        .filter(one => one.source === 'Concurrency Lens');
    await new Promise<void>(resolve => {
      const done = (): void => {
        if (diagnostics().length === 0) return;
        subscription.dispose();
        resolve();
      };
      const subscription = vscode.languages.onDidChangeDiagnostics(done);
      done();
    });
    const [first] = diagnostics();
    assert.equal(first?.code, 'deadlock');
    assert.match(first.message, /Deadlock/u);
    assert.ok([9, 15].includes(first.range.start.line), String(first.range.start.line));
  });

  it('lenses on a join agree with its mark, and the hover lists its waits', async () => {
    const { document } = await openFile(
      'join.py',
      'import threading, time\nt = threading.Thread(target=time.sleep, args=(0.2,), name="worker")\nt.start()\nt.join()\n',
    );
    const titles = async (): Promise<string[]> => {
      const lenses = await vscode.commands.executeCommand<vscode.CodeLens[]>(
        'vscode.executeCodeLensProvider',
        document.uri,
      );
      return lenses
        .filter(lens => lens.range.start.line === 3)
        .map(lens => lens.command?.title ?? '');
    };
    assert.deepEqual(await titles(), ['joins worker']);
    await ended(api, await start(api));
    const [mark] = (
      await marksWhen(api, document, lines => lines.some(line => line.startsWith('4 after')))
    ).filter(line => line.startsWith('4 '));
    const time = /waited (.*) for worker/u.exec(mark ?? '')?.[1];
    assert.ok(time, mark);
    assert.deepEqual(await titles(), ['joins worker', `last wait ${time}`, 'Show in Timeline']);
    const text = await hoverText(document.uri, new vscode.Position(3, 3));
    assert.match(text, /Waits until `t` has ended\./u);
    assert.ok(text.includes(`| ${time.replace('.', '\\.')} |`) || text.includes(time), text);
    assert.match(text, /\[MainThread\]\(command:concurrencyLens\.link\.openLane/u);
    assert.doesNotMatch(text, /The run before/u);
    await ended(api, await start(api));
    const again = await hoverText(document.uri, new vscode.Position(3, 3));
    assert.ok(again.includes(`The run before: ${time}.`), again);
  });

  it('a queue and a pool that are joined have the lens of joins too', async () => {
    const { document } = await openFile(
      'drain.py',
      'import queue\nfrom multiprocessing.pool import ThreadPool\nq = queue.Queue()\nq.join()\npool = ThreadPool(1)\npool.close()\npool.join()\n',
    );
    const lenses = await vscode.commands.executeCommand<vscode.CodeLens[]>(
      'vscode.executeCodeLensProvider',
      document.uri,
    );
    const joins = lenses.filter(lens => lens.command?.title.startsWith('joins '));
    assert.deepEqual(
      joins.map(lens => lens.range.start.line + 1),
      [4, 7],
    );
  });

  it('a fence that forgot an import is offered it', async () => {
    const { document } = await openFile(
      'forgot.md',
      '```python\nt = threading.Thread(target=print)\nt.start()\nt.join()\n```\n',
    );
    const ours = (): vscode.Diagnostic[] =>
      vscode.languages.getDiagnostics(document.uri).filter(one => one.code === 'missing-import');
    await new Promise<void>(resolve => {
      const check = (): void => {
        if (ours().length === 0) return;
        subscription.dispose();
        resolve();
      };
      const subscription = vscode.languages.onDidChangeDiagnostics(check);
      check();
    });
    const [found] = ours();
    assert.ok(found);
    const fix = await actionAt(document.uri, found.range, 'Add "import threading"');
    assert.ok(fix.edit);
    await vscode.workspace.applyEdit(fix.edit);
    assert.equal(document.lineAt(1).text, 'import threading');
    await document.save();
  });

  it('a run leaves no mark on a document it does not concern', async () => {
    await openFile('a.py', 'import time\ntime.sleep(0)\n');
    await ended(api, await start(api));
    const { document } = await openFile('b.py', 'import time\ntime.sleep(0)\n');
    assert.equal(api.marks.runsFor(document)[0], undefined);
  });

  it('a cell of a notebook runs and is marked, knowing the cells before', async () => {
    const notebook = await openNotebook([
      'import threading\nt = threading.Thread(target=print, name="T")',
      't.start()\nt.join()',
    ]);
    const [first, second] = notebook.getCells();
    assert.ok(first && second);
    const points = api.documents.analysisOf(second.document).waitPoints;
    assert.deepEqual(
      points.map(point => [point.kind, point.label, point.certain]),
      [['join', 'T', true]],
    );
    const entry = await start(api, 'concurrencyLens.run', first.document.uri);
    assert.match(entry.origin.title, /cell 1$/u);
    await ended(api, entry);
    assert.equal(entry.end?.exitCode, 0);
  });

  it('a cell of a notebook runs with what the cells above define, and marks their lines too', async () => {
    const notebook = await openNotebook([
      'import queue, threading\nq = queue.Queue()\ndef take():\n    q.get()',
      't = threading.Thread(target=take, name="T")\nt.start()\nthreading.Timer(0.3, q.put, [1]).start()\nt.join()',
    ]);
    const [first, second] = notebook.getCells();
    assert.ok(first && second);
    const entry = await start(api, 'concurrencyLens.run', second.document.uri);
    await ended(api, entry);
    assert.equal(entry.end?.exitCode, 0);
    assert.deepEqual(api.marks.runsFor(first.document), [entry]);
    const file = first.document.uri.toString();
    const { model } = entry;
    const waits = Array.from({ length: model.waitCount }, (_, id) => model.wait(id));
    const get = waits.find(wait => wait.kind === 'get' && wait.site?.file === file);
    assert.ok(get?.endNs, 'no wait in the first cell');
    const waited = `4 after queue: waited ${formatDuration(get.endNs - get.startNs)}`;
    await marksWhen(api, first.document, marks => marks.some(mark => mark.startsWith(waited)));
    await marksWhen(api, second.document, marks =>
      marks.some(mark => mark.startsWith('4 after join: ')),
    );
  });

  it('a cell of a notebook knows when the cells before are other ones', async () => {
    const notebook = await openNotebook([
      'import threading\nt = threading.Thread(target=print, name="T")',
      't.join()',
    ]);
    const second = notebook.getCells()[1]?.document;
    assert.ok(second);
    const labels = (): string[] =>
      api.documents.analysisOf(second).waitPoints.map(point => `${point.label} ${point.certain}`);
    assert.deepEqual(labels(), ['T true']);
    const edit = new vscode.WorkspaceEdit();
    edit.set(notebook.uri, [vscode.NotebookEdit.deleteCells(new vscode.NotebookRange(0, 1))]);
    assert.ok(await vscode.workspace.applyEdit(edit));
    assert.deepEqual(labels(), ['t false']);
  });
});
