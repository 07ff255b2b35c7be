/** Owns what the code shows while the person looks at a moment of a finished run in the Timeline: where each lane was. */
import * as vscode from 'vscode';
import { Parts } from '../../base/disposable';
import type { Lane, RunModel, Site } from '../../trace/model';
import { stateAt } from '../../trace/queries';
import { documentKey } from '../documentKey';
import type { RunEntry } from '../runs';
import type { ScrubSource } from '../scrub';
import type { InlineMarks } from './inlineMarks';

/** More names than this on one line are counted. */
const MOST_NAMES = 4;
const END_OF_LINE = 100_000;

interface Standing {
  readonly site: Site;
  readonly words: string;
}

export class ScrubMarks implements vscode.Disposable {
  private readonly marks: InlineMarks;
  private readonly parts = new Parts();
  private readonly type: vscode.TextEditorDecorationType;
  private isShown = false;

  constructor(timeline: ScrubSource, marks: InlineMarks) {
    this.marks = marks;
    this.type = this.parts.add(
      vscode.window.createTextEditorDecorationType({
        isWholeLine: true,
        backgroundColor: new vscode.ThemeColor('editor.rangeHighlightBackground'),
        after: { color: new vscode.ThemeColor('charts.blue'), margin: '0 0 0 2em' },
      }),
    );
    this.parts.add(
      timeline.onDidScrub(({ entry, atNs }) => {
        if (atNs === null) this.clear();
        else this.show(entry, atNs);
      }),
    );
  }

  dispose(): void {
    this.parts.dispose();
  }

  private show(entry: RunEntry, atNs: number): void {
    const standing = entry.model.lanes
      .filter(lane => !lane.helper)
      .flatMap(lane => standingAt(entry.model, lane, atNs) ?? []);
    for (const editor of vscode.window.visibleTextEditors) {
      const file = documentKey(editor.document.uri);
      const byLine = new Map<number, string[]>();
      for (const { site, words } of standing) {
        const line = site.file === file ? this.marks.lineNow(file, site.line) : undefined;
        if (line === undefined) continue;
        byLine.set(line, [...(byLine.get(line) ?? []), words]);
      }
      editor.setDecorations(
        this.type,
        [...byLine].map(([line, words]) => optionsOf(line, words)),
      );
    }
    this.isShown = true;
  }

  private clear(): void {
    if (!this.isShown) return;
    this.isShown = false;
    for (const editor of vscode.window.visibleTextEditors) editor.setDecorations(this.type, []);
  }
}

/** The line a lane waited at; of one that ran, the line it waited at last. */
function standingAt(model: RunModel, lane: Lane, ns: number): Standing | undefined {
  const state = stateAt(model, lane.id, ns);
  switch (state.state) {
    case 'waiting':
    case 'ready':
      return state.wait.site ? { site: state.wait.site, words: `${lane.name} ◷` } : undefined;
    case 'running': {
      const site = lastSite(model, lane, ns);
      return site ? { site, words: `${lane.name} ▸` } : undefined;
    }
    default:
      return undefined;
  }
}

function lastSite(model: RunModel, lane: Lane, ns: number): Site | null {
  const ids = model.waitsOfLane(lane.id);
  let low = 0;
  let high = ids.length;
  const { startNs } = model.waitColumns;
  while (low < high) {
    const middle = (low + high) >>> 1;
    if ((startNs[ids[middle] ?? 0] ?? 0) <= ns) low = middle + 1;
    else high = middle;
  }
  return low > 0 ? model.wait(ids[low - 1] ?? 0).site : lane.site;
}

function optionsOf(line: number, words: readonly string[]): vscode.DecorationOptions {
  const rest = words.length - MOST_NAMES;
  const text = words.slice(0, MOST_NAMES).join('  ') + (rest > 0 ? `  +${rest}` : '');
  return {
    // Beyond the end of the line: VS Code brings it back to where the line ends.
    range: new vscode.Range(line - 1, END_OF_LINE, line - 1, END_OF_LINE),
    renderOptions: { after: { contentText: `◂ ${text}` } },
  };
}
