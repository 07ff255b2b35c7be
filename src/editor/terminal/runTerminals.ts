/** Owns the terminals: one for each document that runs, used again by its next run; of ended runs there are a few at most. */
import * as vscode from 'vscode';
import { Parts } from '../../base/disposable';
import { stateNow } from '../laneNow';
import { isLive, type RunEntry, type RunService, type RunUpdate } from '../runs';
import { setting } from '../settings';
import { RunPty } from './runPty';

/** As many ended runs keep a terminal open; the output of the others is there again when it is asked for. */
const MOST_ENDED = 3;

interface Shown {
  readonly terminal: vscode.Terminal;
  readonly pty: RunPty;
}

/** How traces call what a lane waits for that reads its input. */
const STANDARD_INPUT = 'standard input';

export class RunTerminals implements vscode.Disposable {
  private readonly runs: RunService;
  private readonly parts = new Parts();
  private readonly shown = new Set<Shown>();
  private readonly asking = new WeakSet<RunEntry>();

  constructor(runs: RunService) {
    this.runs = runs;
    this.parts.add(runs.onDidStart(entry => this.open(entry)));
    this.parts.add(runs.onDidChange(update => this.showOnInput(update)));
    this.parts.add(runs.onDidEnd(entry => this.ended(entry)));
    this.parts.add(
      vscode.window.onDidCloseTerminal(terminal => {
        for (const one of this.shown) if (one.terminal === terminal) this.shown.delete(one);
      }),
    );
  }

  /** Brings up the terminal of a run; one that was closed is opened again with what the run printed. */
  show(entry: RunEntry): void {
    const { terminal } = this.of(entry) ?? this.create(entry);
    terminal.show();
  }

  dispose(): void {
    for (const { terminal } of this.shown) terminal.dispose();
    this.parts.dispose();
  }

  private open(entry: RunEntry): void {
    const free = this.freeFor(entry);
    if (free) free.pty.attach(entry);
    const { terminal } = free ?? this.create(entry);
    const reveal = setting('terminal.reveal');
    if (reveal === 'always') terminal.show(true);
    if (reveal === 'onOutput') this.showOnOutput(entry, terminal);
  }

  /** The terminal of the same document, else, where there are many, the one that ended first. */
  private freeFor(entry: RunEntry): Shown | undefined {
    const document = withoutCell(entry.origin.uri);
    const ended = [...this.shown].filter(({ pty }) => !isLive(pty.run));
    const own = ended.find(({ pty }) => withoutCell(pty.run.origin.uri) === document);
    if (own || ended.length < MOST_ENDED) return own;
    return ended.reduce((oldest, one) => (one.pty.run.id < oldest.pty.run.id ? one : oldest));
  }

  /** A snippet that reads waits for the person, who must see where to type. */
  private showOnInput({ entry, change }: RunUpdate): void {
    const shown = this.asking.has(entry) ? undefined : this.of(entry);
    if (!shown || setting('terminal.reveal') === 'never') return;
    const { model } = entry;
    for (const id of change.lanes) {
      const lane = model.lanes[id];
      const state = lane && stateNow(model, lane);
      if (state?.state !== 'waiting' || state.wait.label !== STANDARD_INPUT) continue;
      this.asking.add(entry);
      shown.terminal.show(true);
      return;
    }
  }

  private ended(entry: RunEntry): void {
    const shown = this.of(entry);
    shown?.pty.finish(entry);
    const reveal = setting('terminal.reveal');
    if (entry.state === 'failed' && reveal !== 'never') shown?.terminal.show(true);
  }

  private showOnOutput(entry: RunEntry, terminal: vscode.Terminal): void {
    const once = entry.run.onDidWrite(() => {
      once.dispose();
      terminal.show(true);
    });
    this.parts.add(once);
  }

  private create(entry: RunEntry): Shown {
    const pty = new RunPty(entry, one => void this.runs.stop(one));
    const terminal = vscode.window.createTerminal({
      name: entry.origin.title,
      pty,
      iconPath: new vscode.ThemeIcon('git-merge'),
      isTransient: true,
    });
    const created = { terminal, pty };
    this.shown.add(created);
    return created;
  }

  private of(entry: RunEntry): Shown | undefined {
    return [...this.shown].find(({ pty }) => pty.run === entry);
  }
}

/** The cells of a notebook are told apart by the fragment alone: they share a terminal. */
const withoutCell = (uri: string): string => uri.replace(/#.*$/u, '');
