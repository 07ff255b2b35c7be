/** Owns the text and the wait points that belonged to a run when it began. */
import * as vscode from 'vscode';
import type { WaitPoint } from '../../analysis/waitPoint';
import { documentKey } from '../documentKey';
import type { Documents } from '../documents';
import type { RunEntry, RunSource } from '../runs';
import type { SourceFacts } from './runFindings';

export class DocumentFacts implements SourceFacts, vscode.Disposable {
  private readonly documents: Documents;
  private readonly points = new WeakMap<RunEntry, readonly WaitPoint[]>();
  private readonly subscription: vscode.Disposable;

  constructor(runs: RunSource, documents: Documents) {
    this.documents = documents;
    this.subscription = runs.onDidStart(entry => {
      const document = open(entry.origin.documentPath);
      if (document) this.points.set(entry, documents.analysisOf(document).waitPoints);
    });
  }

  waitPointsOf(entry: RunEntry, file: string): readonly WaitPoint[] {
    if (file === entry.origin.documentPath) return this.points.get(entry) ?? [];
    const document = open(file);
    return document ? this.documents.analysisOf(document).waitPoints : [];
  }

  sourceOf(entry: RunEntry, file: string): string | null {
    return file === entry.origin.documentPath ? entry.origin.text : (open(file)?.getText() ?? null);
  }

  dispose(): void {
    this.subscription.dispose();
  }
}

function open(file: string): vscode.TextDocument | undefined {
  return vscode.workspace.textDocuments.find(document => documentKey(document.uri) === file);
}
