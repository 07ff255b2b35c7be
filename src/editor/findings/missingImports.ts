/** Owns the hint that a snippet uses a module it does not import, with the import as a quick fix; a run adds it for itself. */
import * as vscode from 'vscode';
import { Parts } from '../../base/disposable';
import { findMissingImports } from '../../runtimes/python/missingImports';
import { Documents } from '../documents';
import { SOURCE } from './findingDiagnostics';

/** Python, and what can carry it. */
const PYTHON = [{ language: 'python' }, { language: 'markdown' }];
const CODE = 'missing-import';
/** After the last keystroke: nobody wants to be told of an import while typing its use. */
const PAUSE_MS = 700;
const MOST_CHARACTERS = 200_000;

interface Missing {
  readonly module: string;
  readonly range: vscode.Range;
  /** 0-based: the import goes above this line. */
  readonly insertAt: number;
}

export class MissingImports implements vscode.CodeActionProvider, vscode.Disposable {
  private readonly documents: Documents;
  private readonly parts = new Parts();
  private readonly collection: vscode.DiagnosticCollection;
  private readonly found = new Map<string, readonly Missing[]>();
  private readonly timers = new Map<string, NodeJS.Timeout>();

  constructor(documents: Documents) {
    this.documents = documents;
    this.collection = this.parts.add(
      vscode.languages.createDiagnosticCollection('concurrencyLens.imports'),
    );
    this.parts.add(documents.onDidAnalyze(document => this.soon(document)));
    this.parts.add(vscode.workspace.onDidCloseTextDocument(document => this.forget(document)));
    this.parts.add(
      vscode.languages.registerCodeActionsProvider(PYTHON, this, {
        providedCodeActionKinds: [vscode.CodeActionKind.QuickFix],
      }),
    );
    void documents.ready.then(() => vscode.workspace.textDocuments.forEach(one => this.soon(one)));
  }

  provideCodeActions(
    document: vscode.TextDocument,
    range: vscode.Range,
    context: vscode.CodeActionContext,
  ): vscode.CodeAction[] {
    const missing = this.found.get(document.uri.toString()) ?? [];
    return missing
      .filter(one => one.range.intersection(range))
      .map(one => {
        const action = new vscode.CodeAction(
          vscode.l10n.t('Add "import {0}"', one.module),
          vscode.CodeActionKind.QuickFix,
        );
        action.isPreferred = true;
        action.diagnostics = context.diagnostics.filter(other => other.code === CODE);
        action.edit = new vscode.WorkspaceEdit();
        const indent =
          /^\s*/u.exec(document.lineAt(Math.min(one.insertAt, document.lineCount - 1)).text)?.[0] ??
          '';
        action.edit.insert(
          document.uri,
          new vscode.Position(one.insertAt, 0),
          `${indent}import ${one.module}\n`,
        );
        return action;
      });
  }

  dispose(): void {
    for (const timer of this.timers.values()) clearTimeout(timer);
    this.parts.dispose();
  }

  private soon(document: vscode.TextDocument): void {
    if (!Documents.isKnown(document)) return;
    const key = document.uri.toString();
    clearTimeout(this.timers.get(key));
    this.timers.set(
      key,
      setTimeout(() => this.look(document), PAUSE_MS),
    );
  }

  private look(document: vscode.TextDocument): void {
    this.timers.delete(document.uri.toString());
    if (document.isClosed) return;
    const missing = this.missingIn(document);
    this.found.set(document.uri.toString(), missing);
    this.collection.set(document.uri, missing.map(diagnosticOf));
  }

  private forget(document: vscode.TextDocument): void {
    const key = document.uri.toString();
    clearTimeout(this.timers.get(key));
    this.timers.delete(key);
    this.found.delete(key);
    this.collection.delete(document.uri);
  }

  /** Only where there is something concurrent: this is no linter. */
  private missingIn(document: vscode.TextDocument): Missing[] {
    const { snippets, waitPoints } = this.documents.analysisOf(document);
    if (document.getText().length > MOST_CHARACTERS) return [];
    return snippets
      .filter(one => one.language === 'python' && (one.kind === 'file' || one.kind === 'fence'))
      .filter(one => one.kind === 'fence' || waitPoints.length > 0)
      .flatMap(snippet => {
        const first = snippet.line - 1;
        const code = document.getText(new vscode.Range(first, 0, snippet.endLine, 0));
        const insertAt = snippet.kind === 'fence' ? first : headEnd(code);
        return findMissingImports(code).map(module => ({
          module,
          range: useOf(module, code, first),
          insertAt,
        }));
      });
  }
}

function diagnosticOf(missing: Missing): vscode.Diagnostic {
  const diagnostic = new vscode.Diagnostic(
    missing.range,
    vscode.l10n.t('{0} is used here but not imported.', missing.module),
    vscode.DiagnosticSeverity.Information,
  );
  diagnostic.source = SOURCE;
  diagnostic.code = CODE;
  return diagnostic;
}

/** Where the module is used first. */
function useOf(module: string, code: string, firstLine: number): vscode.Range {
  const name = module.split('.')[0] ?? module;
  const lines = code.split(/\r?\n/u);
  const use = new RegExp(`(?<![\\w.])${name}\\s*\\.`, 'u');
  const index = lines.findIndex(line => use.test(line.replace(/#.*$/u, '')));
  const column = index < 0 ? 0 : (use.exec(lines[index] ?? '')?.index ?? 0);
  const line = firstLine + Math.max(0, index);
  return new vscode.Range(line, column, line, column + name.length);
}

/** Below a shebang, leading comments and a docstring, and above the first statement. */
function headEnd(code: string): number {
  const head =
    /^(?:[ \t]*(?:#[^\n]*)?\r?\n)*(?:("""|''')[\s\S]*?\1[^\n]*\r?\n)?(?:from __future__[^\n]*\r?\n)*/u.exec(
      code,
    )?.[0] ?? '';
  return head.split('\n').length - 1;
}
