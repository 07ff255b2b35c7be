/**
 * Owns the Timeline view in the panel: makes the page when VS Code shows it, keeps its session on the selected run, opens
 * what the person follows. Fires `onDidScrub` while a moment is looked at, for those who show where each lane was.
 */
import * as vscode from 'vscode';
import { Parts } from '../../base/disposable';
import { Emitter } from '../../base/emitter';
import type { Site } from '../../trace/model';
import type { ActVerb, ExportRequest, Reveal } from '../../webview/messages';
import { translationsFrom } from '../../webview/pageWords';
import { hostClock } from '../../base/hostClock';
import { COMMANDS, VIEWS } from '../ids';
import { openLine } from '../links';
import { runBefore, type RunEntry, type RunSource } from '../runs';
import { setting } from '../settings';
import { saveExport } from './exportRun';
import { timelineHtml } from './timelineHtml';
import type { Scrub, ScrubSource } from '../scrub';
import { TimelineSession, type TimelineHost } from './timelineSession';

export interface LaneSelection {
  readonly entry: RunEntry;
  readonly lane: number;
}

export class TimelineView implements vscode.WebviewViewProvider, vscode.Disposable, ScrubSource {
  private readonly parts = new Parts();
  private readonly didScrub = new Emitter<Scrub>();
  private readonly didSelectLane = new Emitter<LaneSelection>();
  readonly onDidScrub = this.didScrub.event;
  readonly onDidSelectLane = this.didSelectLane.event;
  private readonly session: TimelineSession;
  private view: vscode.WebviewView | undefined;

  private readonly extensionUri: vscode.Uri;
  private readonly runs: RunSource;
  private readonly log: vscode.LogOutputChannel;
  private readonly lineNow: (file: string, line: number) => number | undefined;

  /** `lineNow` says where a line of the text that ran is now. */
  constructor(
    extensionUri: vscode.Uri,
    runs: RunSource,
    log: vscode.LogOutputChannel,
    lineNow: (file: string, line: number) => number | undefined = () => undefined,
  ) {
    this.extensionUri = extensionUri;
    this.runs = runs;
    this.log = log;
    this.lineNow = lineNow;

    this.session = new TimelineSession(
      // oxlint-disable-next-line unicorn/require-post-message-target-origin -- VS Code's method, not the window's
      message => void this.view?.webview.postMessage(message),
      this.host(),
      hostClock,
    );
    this.parts.add(runs.onDidSelect(entry => this.show(entry)));
    this.parts.add(
      runs.onDidChange(({ entry, change }) => {
        if (entry === runs.selected) this.session.changed(change);
      }),
    );
    this.parts.add(
      runs.onDidEnd(entry => {
        if (entry === runs.selected) this.session.ended();
      }),
    );
    this.parts.add(
      vscode.window.registerWebviewViewProvider(VIEWS.timeline, this, {
        // The page keeps its own state and asks anew when it is shown again.
        webviewOptions: { retainContextWhenHidden: false },
      }),
    );
    this.session.setCanRun(vscode.workspace.isTrusted);
    this.parts.add(vscode.workspace.onDidGrantWorkspaceTrust(() => this.session.setCanRun(true)));
    this.show(runs.selected);
  }

  resolveWebviewView(view: vscode.WebviewView): void {
    this.view = view;
    const { webview } = view;
    const uri = (...path: string[]): vscode.Uri => vscode.Uri.joinPath(this.extensionUri, ...path);
    webview.options = { enableScripts: true, localResourceRoots: [uri('dist'), uri('media')] };
    const own = new Parts();
    own.add(webview.onDidReceiveMessage((message: unknown) => this.session.receive(message)));
    own.add(
      view.onDidChangeVisibility(() => {
        if (!view.visible) this.session.pageGone();
      }),
    );
    own.add(
      view.onDidDispose(() => {
        this.session.pageGone();
        if (this.view === view) this.view = undefined;
        own.dispose();
      }),
    );
    this.parts.add(own);
    webview.html = timelineHtml({
      cspSource: webview.cspSource,
      nonce: makeNonce(),
      scriptUri: webview.asWebviewUri(uri('dist', 'timeline.js')).toString(),
      styleUri: webview.asWebviewUri(uri('media', 'timeline.css')).toString(),
      language: vscode.env.language,
      translations: translationsFrom(vscode.l10n.bundle ?? {}),
    });
  }

  /** Brings the view to the front and shows a lane, at a moment of its life. */
  async reveal(entry: RunEntry, reveal: Reveal, preserveFocus = false): Promise<void> {
    this.runs.select(entry);
    this.session.reveal(reveal);
    if (this.view) this.view.show(preserveFocus);
    else await vscode.commands.executeCommand(`${VIEWS.timeline}.focus`, { preserveFocus });
  }

  act(verb: ActVerb): void {
    this.session.act(verb);
  }

  dispose(): void {
    this.parts.dispose();
    this.session.dispose();
    this.didScrub.dispose();
    this.didSelectLane.dispose();
  }

  private show(entry: RunEntry | undefined): void {
    if (!entry) {
      this.session.show(undefined, true);
      return;
    }
    const earlier = runBefore(this.runs, entry);
    const shown = {
      id: entry.id,
      title: entry.origin.title,
      model: entry.model,
      expectedNs: earlier?.model.nowNs ?? null,
    };
    this.session.show(shown, setting('timeline.follow'));
  }

  private host(): TimelineHost {
    const selected = (use: (entry: RunEntry) => void): void => {
      if (this.runs.selected) use(this.runs.selected);
    };
    return {
      line: site => this.sourceLine(site),
      say: vscode.l10n.t,
      open: (site, keepFocus) =>
        void openLine(site.file, site.line, site.column, this.lineNow, keepFocus),
      run: () => void vscode.commands.executeCommand(COMMANDS.run),
      openExamples: () => void vscode.commands.executeCommand(COMMANDS.openExample),
      export: request => selected(entry => void this.export(entry, request)),
      scrub: atNs => selected(entry => this.didScrub.fire({ entry, atNs })),
      select: lane => selected(entry => this.didSelectLane.fire({ entry, lane })),
      log: text => this.log.warn(text),
    };
  }

  private sourceLine(site: Site): string | null {
    const origin = this.runs.selected?.origin;
    // The text as it was when the run began, not as it has become since.
    const text = origin && site.file === origin.documentPath ? origin.text : null;
    const line = text?.split('\n', site.line)[site.line - 1]?.trim();
    if (!line) return null;
    return line.length > 60 ? `${line.slice(0, 59)}…` : line;
  }

  private async export(entry: RunEntry, request: ExportRequest): Promise<void> {
    try {
      const saved = await saveExport(entry, request);
      if (saved) this.session.say(vscode.l10n.t('Saved {0}', saved.fsPath));
    } catch (problem) {
      this.session.say(vscode.l10n.t('The timeline could not be saved: {0}', String(problem)));
    }
  }
}

function makeNonce(): string {
  const bytes = crypto.getRandomValues(new Uint8Array(16));
  return Array.from(bytes, byte => byte.toString(16).padStart(2, '0')).join('');
}
