/** Owns the terminals: one for each document that runs, used again by its next run. */
import * as vscode from 'vscode';
import { Parts } from '../../base/disposable';
import { isLive, type RunEntry, type RunService } from '../runs';
import { setting } from '../settings';
import { RunPty } from './runPty';

interface Shown {
  readonly terminal: vscode.Terminal;
  readonly pty: RunPty;
}

export class RunTerminals implements vscode.Disposable {
  private readonly runs: RunService;
  private readonly parts = new Parts();
  private readonly shown = new Set<Shown>();

  constructor(runs: RunService) {
    this.runs = runs;
    this.parts.add(runs.onDidStart(entry => this.open(entry)));
    this.parts.add(runs.onDidEnd(entry => this.of(entry)?.pty.finish(entry)));
    this.parts.add(
      vscode.window.onDidCloseTerminal(terminal => {
        for (const one of this.shown) if (one.terminal === terminal) this.shown.delete(one);
      }),
    );
  }

  /** Brings up the terminal of a run; one that was closed is opened again with what the run printed. */
  show(entry: RunEntry): void {
    const found = this.of(entry);
    const { terminal, pty } = found ?? this.create(entry);
    terminal.show();
    if (!found && !isLive(entry)) pty.finish(entry);
  }

  dispose(): void {
    for (const { terminal } of this.shown) terminal.dispose();
    this.parts.dispose();
  }

  private open(entry: RunEntry): void {
    const free = [...this.shown].find(
      ({ pty }) => pty.run.origin.uri === entry.origin.uri && !isLive(pty.run),
    );
    if (free) free.pty.attach(entry);
    const { terminal } = free ?? this.create(entry);
    const reveal = setting('terminal.reveal');
    if (reveal === 'always') terminal.show(true);
    if (reveal === 'onOutput') this.showOnOutput(entry, terminal);
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
