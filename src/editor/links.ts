/** Owns the links in hovers, lenses and trees: where they lead, as commands with arguments that survive a uri. */
import * as vscode from 'vscode';
import { keyToUri } from './documentKey';
import { LINKS } from './ids';
import type { Site } from '../trace/model';
import type { RunEntry } from './runs';

export interface SiteLink {
  readonly file: string;
  readonly line: number;
  readonly column: number | null;
  readonly run: number;
}

export interface LaneLink {
  readonly run: number;
  readonly lane: number;
  readonly atNs: number;
  readonly toNs: number | null;
  readonly wait: number | null;
}

export function isSiteLink(argument: unknown): argument is SiteLink {
  return has(argument, { file: 'string', line: 'number' });
}

export function isLaneLink(argument: unknown): argument is LaneLink {
  return has(argument, { run: 'number', lane: 'number', atNs: 'number' });
}

function has(argument: unknown, types: Readonly<Record<string, string>>): boolean {
  if (typeof argument !== 'object' || argument === null) return false;
  return Object.entries(types).every(([key, type]) => typeof Reflect.get(argument, key) === type);
}

/** A link as Markdown takes it. */
export function commandUri(command: string, argument: unknown): string {
  return `command:${command}?${encodeURIComponent(JSON.stringify([argument]))}`;
}

export function siteLink(entry: RunEntry, site: Site): string {
  const link: SiteLink = { file: site.file, line: site.line, column: site.column, run: entry.id };
  return commandUri(LINKS.openSite, link);
}

export function laneLink(entry: RunEntry, lane: number, atNs: number, wait: number | null): string {
  const link: LaneLink = { run: entry.id, lane, atNs, toNs: null, wait };
  return commandUri(LINKS.openLane, link);
}

/** Shows a line; `lineNow` says where a line of the text that ran is now. */
export async function openLine(
  file: string,
  line: number,
  column: number | null,
  lineNow: (file: string, line: number) => number | undefined,
  preserveFocus = false,
): Promise<void> {
  const uri = keyToUri(file);
  const at = new vscode.Position((lineNow(file, line) ?? line) - 1, Math.max(0, (column ?? 1) - 1));
  try {
    await vscode.window.showTextDocument(uri, {
      selection: new vscode.Range(at, at),
      preserveFocus,
      preview: true,
    });
  } catch {
    void vscode.window.showErrorMessage(
      vscode.l10n.t(
        '{0} could not be opened: it may have been moved or closed since the run.',
        file,
      ),
    );
  }
}
