/** Composition root: builds the parts, wires them, registers what must be disposed. No logic. */
import { readFile } from 'node:fs/promises';
import path from 'node:path';
import * as vscode from 'vscode';
import { registerRunCommands } from './editor/commands/runCommands';
import { registerShowCommands } from './editor/commands/showCommands';
import { CanRunContext } from './editor/canRunContext';
import { Documents } from './editor/documents';
import { tellEndNotes } from './editor/findings/endNotes';
import { FindingDiagnostics } from './editor/findings/findingDiagnostics';
import { FindingsView } from './editor/findings/findingsView';
import { MissingImports } from './editor/findings/missingImports';
import { RunFindings } from './editor/findings/runFindings';
import { DocumentFacts } from './editor/findings/sourceFacts';
import { Gallery } from './editor/gallery';
import { hostClock } from './base/hostClock';
import type { Translate } from './base/translate';
import { WaitHover } from './editor/hovers/waitHover';
import { JoinLenses } from './editor/lenses/joinLenses';
import { RunLenses } from './editor/lenses/runLenses';
import { SisterLenses } from './editor/lenses/sisterLenses';
import { DecorationSink } from './editor/marks/decorationSink';
import { InlineMarks } from './editor/marks/inlineMarks';
import { RecordingSink } from './editor/marks/mark';
import { ScrubMarks } from './editor/marks/scrubMarks';
import { PythonEnvironments } from './editor/pythonEnvironments';
import { RunProgress } from './editor/runProgress';
import { RunService } from './editor/runs';
import { SnippetRunner } from './editor/run/snippetRunner';
import { setting } from './editor/settings';
import { tellSister } from './editor/sisterContext';
import { RunTerminals } from './editor/terminal/runTerminals';
import { RunsView } from './editor/threads/runsView';
import { ThreadTree } from './editor/threads/threadTree';
import { TimelineView } from './editor/timeline/timelineView';
import { revealOnStart } from './editor/revealOnStart';
import { createJavaScriptRuntime } from './runtimes/javascript/javascriptRuntime';
import { createPythonRuntime } from './runtimes/python/pythonRuntime';
import { startRun } from './runtimes/recordRun';
import type { Runtime } from './runtimes/runtime';
import type { Language } from './trace/format';

/** For tests and other extensions. */
export interface ExtensionApi {
  readonly runs: RunService;
  readonly documents: Documents;
  readonly marks: InlineMarks;
  readonly markHistory: RecordingSink;
  readonly threads: ThreadTree;
  readonly timeline: TimelineView;
  readonly findings: RunFindings;
}

export function activate(context: vscode.ExtensionContext): ExtensionApi {
  const own = <T extends vscode.Disposable>(part: T): T => {
    context.subscriptions.push(part);
    return part;
  };
  const { extensionUri } = context;
  const say: Translate = vscode.l10n.t;
  const dist = path.join(extensionUri.fsPath, 'dist');
  const log = own(vscode.window.createOutputChannel('Concurrency Lens', { log: true }));

  const gallery = new Gallery(extensionUri, context.globalStorageUri);
  const runs = own(new RunService(() => setting('run.keep')));
  const analyzer = import('./analysis/analyzer').then(({ createAnalyzer }) =>
    createAnalyzer(name => readFile(path.join(dist, name))),
  );
  const documents = own(new Documents(analyzer, log));
  const runtimes: Readonly<Record<Language, Runtime>> = {
    python: createPythonRuntime({ tracerFolder: path.join(dist, 'tracer'), say }),
    javascript: createJavaScriptRuntime({ tracerFolder: path.join(dist, 'javascript'), say }),
  };
  const runner = new SnippetRunner(
    runs,
    request => startRun(runtimes[request.language], request, hostClock, undefined, say),
    new PythonEnvironments(log),
    context.storageUri ?? context.globalStorageUri,
    log,
  );

  const markHistory = new RecordingSink(own(new DecorationSink(extensionUri)));
  const marks = own(new InlineMarks(runs, documents, markHistory, say));
  own(new RunLenses(runs, documents));
  own(new JoinLenses(runs, documents, marks));
  own(new SisterLenses(gallery));
  own(tellSister(gallery));
  own(new WaitHover(documents, marks, runs));

  const threads = own(new ThreadTree(runs));
  const findings = own(
    new RunFindings(runs, own(new DocumentFacts(runs, documents)), hostClock, say),
  );
  own(new FindingsView(runs, findings));
  own(new FindingDiagnostics(runs, findings, marks));
  own(new MissingImports(documents));
  own(tellEndNotes(runs));
  own(new RunsView(runs));
  const timeline = own(
    new TimelineView(extensionUri, runs, log, (file, line) => marks.lineNow(file, line)),
  );
  own(new ScrubMarks(timeline, marks));
  const terminals = own(new RunTerminals(runs));
  own(new RunProgress(runs));
  own(new CanRunContext());
  own(revealOnStart(runs));

  own(registerRunCommands({ runs, runner, documents, log }));
  own(
    registerShowCommands({
      runs,
      marks,
      terminals,
      timeline,
      gallery,
      extensionId: context.extension.id,
      log,
    }),
  );
  return { runs, documents, marks, markHistory, threads, timeline, findings };
}
