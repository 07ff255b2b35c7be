/** Owns the saving of a timeline: as a picture that the page drew, or as a trace for Perfetto. */
import * as vscode from 'vscode';
import { perfettoPieces } from '../../trace/exporters/perfetto';
import type { ExportRequest } from '../../webview/messages';
import type { RunEntry } from '../runs';

const FORMATS = {
  svg: { label: 'SVG picture', extension: 'svg' },
  png: { label: 'PNG picture', extension: 'png' },
  perfetto: { label: 'trace for Perfetto', extension: 'json' },
} as const;

/** Asks where to save; undefined when the person thinks better of it. */
export async function saveExport(
  entry: RunEntry,
  request: ExportRequest,
): Promise<vscode.Uri | undefined> {
  const { label, extension } = FORMATS[request.what];
  const name = entry.origin.title.replace(/\.\w+$/, '').replaceAll(/[^\w.-]+/g, '-');
  const folder = vscode.workspace.workspaceFolders?.[0]?.uri;
  const fileName = `${name || 'timeline'}.${extension}`;
  const target = await vscode.window.showSaveDialog({
    filters: { [label]: [extension] },
    title: `Save the timeline as a ${label}`,
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
