/**
 * Owns the decorations that draw marks: a fixed set of types, each made once, and calls in batches, only for the types whose marks
 * changed. Theme colours only; the gutter's pictures are neutral, as a picture cannot follow the theme.
 */
import * as vscode from 'vscode';
import { WAIT_FAMILIES, type WaitFamily } from '../../trace/waitFamilies';
import { FAMILY_COLOURS } from '../look';
import type { Mark, MarkPhase, MarkSink } from './mark';

const PLAIN = ['before', 'after', 'stale'] as const satisfies readonly MarkPhase[];
type Plain = (typeof PLAIN)[number];
type Style = Plain | `${Plain}-quiet` | `during-${WaitFamily}` | `notable-${WaitFamily}`;

/** Between the code and the mark. */
const GAP = '0 0 0 2.5em';

/** What an editor shows of one style, as text, to see whether it changed. */
type Drawn = Map<Style, string>;

export class DecorationSink implements MarkSink, vscode.Disposable {
  private readonly looks = new Map<Style, () => vscode.DecorationRenderOptions>();
  private readonly types = new Map<Style, vscode.TextEditorDecorationType>();
  private readonly media: vscode.Uri;
  private readonly drawn = new WeakMap<vscode.TextEditor, Drawn>();

  constructor(extensionUri: vscode.Uri) {
    this.media = vscode.Uri.joinPath(extensionUri, 'media', 'icons');
    for (const phase of PLAIN) {
      const colour = PLAIN_COLOURS[phase];
      this.looks.set(phase, () => this.line(colour, 'mark', {}));
      // A sleep is no meeting of lanes: it gets no picture unless it goes on.
      this.looks.set(`${phase}-quiet`, () => this.line(colour, undefined, {}));
    }
    for (const family of WAIT_FAMILIES) {
      const colour = FAMILY_COLOURS[family];
      const ruler = this.ruler(colour);
      const backgroundColor = new vscode.ThemeColor(`concurrencyLens.${family}WaitingBackground`);
      this.looks.set(`notable-${family}`, () => this.line(colour, 'mark', ruler));
      this.looks.set(`during-${family}`, () =>
        this.line(colour, `wait-${family}`, { ...ruler, backgroundColor }),
      );
    }
  }

  show(document: string, marks: readonly Mark[]): void {
    const editors = vscode.window.visibleTextEditors.filter(
      editor => editor.document.uri.toString() === document,
    );
    if (editors.length === 0) return;
    const byStyle = new Map<Style, Mark[]>();
    for (const mark of marks) {
      const style = styleOf(mark);
      const list = byStyle.get(style);
      if (list) list.push(mark);
      else byStyle.set(style, [mark]);
    }
    for (const editor of editors) this.draw(editor, byStyle);
  }

  dispose(): void {
    for (const type of this.types.values()) type.dispose();
  }

  private draw(editor: vscode.TextEditor, byStyle: ReadonlyMap<Style, readonly Mark[]>): void {
    const before = this.drawn.get(editor);
    const now: Drawn = new Map();
    for (const style of new Set([...(before?.keys() ?? []), ...byStyle.keys()])) {
      const marks = byStyle.get(style) ?? [];
      // The line's length counts: a mark stands after the text, which may have grown.
      const key = marks
        .map(mark => `${mark.line}:${lineLength(editor, mark)}:${mark.text}`)
        .join('\n');
      if (key !== '') now.set(style, key);
      if ((before?.get(style) ?? '') !== key)
        editor.setDecorations(
          this.typeOf(style),
          marks.map(mark => optionsOf(editor, mark)),
        );
    }
    this.drawn.set(editor, now);
  }

  /** Made when first drawn: each costs a message to the window, and few are seen in a session. */
  private typeOf(style: Style): vscode.TextEditorDecorationType {
    let type = this.types.get(style);
    if (!type) {
      type = vscode.window.createTextEditorDecorationType(this.looks.get(style)?.() ?? {});
      this.types.set(style, type);
    }
    return type;
  }

  private line(
    colour: string,
    icon: string | undefined,
    more: vscode.DecorationRenderOptions,
  ): vscode.DecorationRenderOptions {
    const gutter = (theme: 'dark' | 'light') => ({
      [theme]: { gutterIconPath: vscode.Uri.joinPath(this.media, `${icon}-${theme}.svg`) },
    });
    return {
      ...more,
      isWholeLine: true,
      rangeBehavior: vscode.DecorationRangeBehavior.ClosedClosed,
      after: { color: new vscode.ThemeColor(colour), margin: GAP, fontStyle: 'italic' },
      ...(icon ? { gutterIconSize: 'contain', ...gutter('dark'), ...gutter('light') } : {}),
    };
  }

  private ruler(colour: string): vscode.DecorationRenderOptions {
    return {
      overviewRulerColor: new vscode.ThemeColor(colour),
      overviewRulerLane: vscode.OverviewRulerLane.Right,
    };
  }
}

const PLAIN_COLOURS: Readonly<Record<Plain, string>> = {
  before: 'editorCodeLens.foreground',
  after: 'editorCodeLens.foreground',
  stale: 'disabledForeground',
};

function styleOf(mark: Mark): Style {
  if (mark.phase === 'during') return `during-${mark.family}`;
  if (mark.phase === 'after' && mark.isNotable) return `notable-${mark.family}`;
  return mark.family === 'quiet' ? `${mark.phase}-quiet` : mark.phase;
}

function optionsOf(editor: vscode.TextEditor, mark: Mark): vscode.DecorationOptions {
  const end = lineLength(editor, mark);
  return {
    range: new vscode.Range(mark.line - 1, end, mark.line - 1, end),
    renderOptions: { after: { contentText: mark.text } },
  };
}

function lineLength(editor: vscode.TextEditor, mark: Mark): number {
  return mark.line <= editor.document.lineCount
    ? editor.document.lineAt(mark.line - 1).text.length
    : 0;
}
