/** Owns the saving of a timeline: as a picture that the page drew, or as a trace for Perfetto. */
import * as vscode from 'vscode';
import { messages, type Message } from '../../base/translate';
import { perfettoPieces } from '../../trace/exporters/perfetto';
import type { ExportRequest } from '../../webview/messages';
import type { RunEntry } from '../runs';

type Format = ExportRequest['what'];

const EXTENSIONS: Readonly<Record<Format, string>> = { svg: 'svg', png: 'png', perfetto: 'json' };

const LABELS: Readonly<Record<Format, Message>> = messages({
  svg: 'SVG picture',
  png: 'PNG picture',
  perfetto: 'trace for Perfetto',
});

const TITLES: Readonly<Record<Format, Message>> = messages({
  svg: 'Save the timeline as a SVG picture',
  png: 'Save the timeline as a PNG picture',
  perfetto: 'Save the timeline as a trace for Perfetto',
});

/** Asks where to save; undefined when the person thinks better of it. */
export async function saveExport(
  entry: RunEntry,
  request: ExportRequest,
): Promise<vscode.Uri | undefined> {
  const extension = EXTENSIONS[request.what];
  const label = vscode.l10n.t(LABELS[request.what]);
  const name = entry.origin.title.replace(/\.\w+$/, '').replaceAll(/[^\w.-]+/g, '-');
  const folder = vscode.workspace.workspaceFolders?.[0]?.uri;
  const fileName = `${name || 'timeline'}.${extension}`;
  const target = await vscode.window.showSaveDialog({
    filters: { [label]: [extension] },
    title: vscode.l10n.t(TITLES[request.what]),
    ...(folder ? { defaultUri: vscode.Uri.joinPath(folder, fileName) } : {}),
  });
  if (target) await vscode.workspace.fs.writeFile(target, bytesOf(entry, request));
  return target;
}

function bytesOf(entry: RunEntry, request: ExportRequest): Uint8Array {
  if (request.what === 'svg') return new TextEncoder().encode(request.text);
  if (request.what === 'png') return request.bytes;
  return new TextEncoder().encode([...perfettoPieces(entry.model)].join(''));
}
