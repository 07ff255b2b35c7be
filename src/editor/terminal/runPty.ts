/** Owns one terminal of a run: draws what the snippet prints, sends what the person types, says how the run ended. */
import * as vscode from 'vscode';
import { formatDuration } from '../../base/duration';
import { Parts } from '../../base/disposable';
import type { RunEntry } from '../runs';
import { isLive } from '../runs';
import { setting } from '../settings';
import { shownOutput } from '../../runtimes/shownOutput';
import { describeRunEnd } from '../runWords';
import { LaneInk } from './laneInk';
import { LineEditor } from './lineEditor';
import { OutputBuffer } from './outputBuffer';

/** About 1.2 MB/s to the screen: the workbench stays smooth, and nobody reads faster. */
const FLUSH_EVERY_MS = 40;
const FLUSH_CHARS = 48 * 1024;
const WAITING_CHARS = 512 * 1024;
const CLEAR = '\x1b[2J\x1b[3J\x1b[H';

export class RunPty implements vscode.Pseudoterminal {
  private readonly screen = new vscode.EventEmitter<string>();
  private readonly closed = new vscode.EventEmitter<number | void>();
  private readonly named = new vscode.EventEmitter<string>();
  readonly onDidWrite = this.screen.event;
  readonly onDidClose = this.closed.event;
  readonly onDidChangeName = this.named.event;

  private readonly stop: (entry: RunEntry) => void;
  private subscriptions = new Parts();
  private buffer = new OutputBuffer(WAITING_CHARS);
  private ink: LaneInk | undefined;
  private timer: NodeJS.Timeout | undefined;
  private isOpen = false;
  private isStarted = false;
  private entry: RunEntry;
  private readonly editor = new LineEditor({
    echo: text => this.write(text),
    submit: line => this.send(line),
    endInput: () => this.endInput(),
    interrupt: () => isLive(this.entry) && this.entry.run.interrupt(),
  });

  constructor(entry: RunEntry, stop: (entry: RunEntry) => void) {
    this.entry = entry;
    this.stop = stop;
    this.listen(entry);
  }

  get run(): RunEntry {
    return this.entry;
  }

  /** Shows another run in the same terminal. */
  attach(entry: RunEntry): void {
    this.subscriptions.dispose();
    this.subscriptions = new Parts();
    this.buffer = new OutputBuffer(WAITING_CHARS);
    this.entry = entry;
    this.write(CLEAR);
    this.listen(entry);
    for (const note of entry.run.request.notes ?? []) this.say(note);
    this.named.fire(entry.origin.title);
  }

  open(): void {
    this.isOpen = true;
    for (const note of this.entry.run.request.notes ?? []) this.say(note);
    this.flush();
    // A short run is over before the window has made its terminal.
    if (!isLive(this.entry)) this.finish(this.entry);
  }

  close(): void {
    this.isOpen = false;
    if (isLive(this.entry)) this.stop(this.entry);
    this.dispose();
  }

  handleInput(data: string): void {
    if (isLive(this.entry)) this.editor.input(data);
  }

  finish(entry: RunEntry): void {
    if (entry !== this.entry || !this.isOpen) return;
    this.flush(WAITING_CHARS);
    const seconds = formatDuration(entry.model.nowNs);
    for (const note of entry.end?.notes ?? []) this.say(note);
    this.say(vscode.l10n.t('{0} after {1}', describeRunEnd(entry, vscode.l10n.t), seconds));
  }

  dispose(): void {
    clearTimeout(this.timer);
    this.subscriptions.dispose();
    for (const emitter of [this.screen, this.closed, this.named]) emitter.dispose();
  }

  private listen(entry: RunEntry): void {
    this.ink = new LaneInk(entry.model, setting('terminal.lanePrefix'));
    this.isStarted = false;
    for (const piece of entry.model.output) this.buffer.add(this.shown(piece));
    this.subscriptions.add(
      entry.run.onDidWrite(piece => {
        this.buffer.add(this.shown(piece));
        this.schedule();
      }),
    );
    this.schedule();
  }

  private shown<T extends { readonly text: string }>(piece: T): T {
    const text = shownOutput(this.entry.run.request, piece.text);
    return text === piece.text ? piece : { ...piece, text };
  }

  private schedule(): void {
    this.timer ??= setTimeout(() => this.flush(), this.isStarted ? FLUSH_EVERY_MS : 0);
  }

  private flush(room = FLUSH_CHARS): void {
    clearTimeout(this.timer);
    this.timer = undefined;
    if (!this.isOpen || !this.ink || this.buffer.isEmpty) return;
    this.isStarted = true;
    const { pieces, skipped } = this.buffer.take(room);
    const ink = this.ink;
    const notice = skipped
      ? ink.notice(
          vscode.l10n.t(
            '… {0} of output left out here: it came faster than a terminal can draw',
            bytes(skipped),
          ),
        )
      : '';
    this.write(notice + pieces.map(piece => ink.paint(piece)).join(''));
    if (!this.buffer.isEmpty) this.schedule();
  }

  private say(words: string): void {
    this.write(this.ink?.notice(words) ?? '');
  }

  private send(line: string): void {
    this.ink?.typed(line);
    this.entry.run.write(line);
  }

  private endInput(): void {
    if (!isLive(this.entry)) return;
    this.entry.run.endInput();
    this.say(vscode.l10n.t('end of input'));
  }

  private write(text: string): void {
    if (text && this.isOpen) this.screen.fire(text);
  }
}

function bytes(count: number): string {
  return count < 1e6 ? `${Math.ceil(count / 1e3)} kB` : `${(count / 1e6).toFixed(1)} MB`;
}
