/**
 * Owns what shows that a run is under way: a progress entry that can be cancelled, two status-bar items (how the run is doing, and
 * Stop, which a narrow window would cut off the end of the other), two context keys.
 */
import * as vscode from 'vscode';
import { Parts } from '../base/disposable';
import { formatDuration } from '../base/duration';
import { hostClock } from '../base/hostClock';
import { coalesce } from '../base/coalesce';
import { COMMANDS, CONTEXT_KEYS, type ContextKey } from './ids';
import { stateNow } from './laneNow';
import { isLive, type RunEntry, type RunService } from './runs';
import { describeRunEnd } from './runWords';

/** The status bar counts seconds; faster would draw the eye. */
const TICK_MS = 250;
/** A run shorter than this needs no progress entry. */
const PROGRESS_AFTER_MS = 1_000;
/** How long the outcome stays in the status bar. */
const OUTCOME_MS = 8_000;

export class RunProgress implements vscode.Disposable {
  private readonly runs: RunService;
  private readonly parts = new Parts();
  private readonly item: vscode.StatusBarItem;
  private readonly stopItem: vscode.StatusBarItem;
  private timer: NodeJS.Timeout | undefined;
  private hiding: NodeJS.Timeout | undefined;

  constructor(runs: RunService) {
    this.runs = runs;
    this.item = this.parts.add(
      vscode.window.createStatusBarItem('concurrencyLens.run', vscode.StatusBarAlignment.Left, 51),
    );
    this.item.name = vscode.l10n.t('Concurrent run');
    this.stopItem = this.parts.add(
      vscode.window.createStatusBarItem(
        'concurrencyLens.stop',
        vscode.StatusBarAlignment.Left,
        50.5,
      ),
    );
    this.stopItem.name = vscode.l10n.t('Stop the concurrent run');
    this.stopItem.text = `$(debug-stop) ${vscode.l10n.t('Stop')}`;
    this.stopItem.command = COMMANDS.stop;
    const refresh = this.parts.add(coalesce(() => this.refresh(), TICK_MS, hostClock));
    this.parts.add(runs.onDidChange(refresh));
    this.parts.add(runs.onDidStart(entry => this.started(entry)));
    this.parts.add(runs.onDidEnd(entry => this.ended(entry)));
    this.parts.add(runs.onDidSelect(refresh));
    this.parts.add(runs.onDidRemove(() => this.setContext()));
    this.setContext();
  }

  dispose(): void {
    clearInterval(this.timer);
    clearTimeout(this.hiding);
    this.parts.dispose();
  }

  private started(entry: RunEntry): void {
    this.setContext();
    clearTimeout(this.hiding);
    this.timer ??= setInterval(() => this.refresh(), TICK_MS);
    this.refresh();
    this.parts.add(hostClock.after(PROGRESS_AFTER_MS, () => this.showProgress(entry)));
  }

  private ended(entry: RunEntry): void {
    this.setContext();
    if (this.runs.live.length > 0) return;
    clearInterval(this.timer);
    this.timer = undefined;
    this.stopItem.hide();
    const icon =
      entry.state === 'succeeded'
        ? '$(check)'
        : entry.state === 'failed'
          ? '$(error)'
          : '$(circle-slash)';
    const words = describeRunEnd(entry, vscode.l10n.t);
    this.item.text = `${icon} ${entry.origin.title}  ${formatDuration(entry.model.nowNs)}`;
    this.item.tooltip = vscode.l10n.t('{0}. Select to see its output.', words);
    this.item.accessibilityInformation = { label: words };
    this.item.command = COMMANDS.showTerminal;
    this.hiding = setTimeout(() => this.item.hide(), OUTCOME_MS);
  }

  private refresh(): void {
    const { live, selected } = this.runs;
    const entry = live.find(one => one === selected) ?? live.at(-1);
    if (!entry) return;
    const { title } = entry.origin;
    const others = live.length - 1;
    const more = others === 0 ? '' : `  ${vscode.l10n.t('(+{0} running)', others)}`;
    this.item.text = `$(watch) ${describeLive(entry)}${more}`;
    this.item.tooltip =
      others === 0
        ? vscode.l10n.t('{0} is running. Select to see it in the timeline.', title)
        : [
            vscode.l10n.t('{0} runs at once. Select to choose the one to look at:', live.length),
            ...live.map(describeLive),
          ].join('\n');
    // A number that ticks would be read out again and again.
    this.item.accessibilityInformation = {
      label:
        others === 0
          ? vscode.l10n.t('{0} is running', title)
          : vscode.l10n.t('{0} and {1} more are running', title, others),
      role: 'button',
    };
    this.item.command = others === 0 ? COMMANDS.showInTimeline : COMMANDS.selectRun;
    this.item.show();
    const stops =
      others === 0
        ? vscode.l10n.t('Stop every process that {0} started', title)
        : vscode.l10n.t('Stop one of the {0} runs, or all of them', live.length);
    this.stopItem.tooltip = stops;
    this.stopItem.accessibilityInformation = { label: stops, role: 'button' };
    this.stopItem.show();
  }

  private showProgress(entry: RunEntry): void {
    if (!isLive(entry)) return;
    void vscode.window.withProgress(
      {
        location: vscode.ProgressLocation.Window,
        title: vscode.l10n.t('Running {0}', entry.origin.title),
        cancellable: true,
      },
      async (_progress, token) => {
        const cancelled = token.onCancellationRequested(() => void this.runs.stop(entry));
        await entry.run.ended;
        cancelled.dispose();
      },
    );
  }

  private setContext(): void {
    setKey(CONTEXT_KEYS.isRunning, this.runs.live.length > 0);
    setKey(CONTEXT_KEYS.hasRuns, this.runs.entries.length > 0);
  }
}

/** `two_threads.py  2.10 s · 3 lanes · 2 waiting`. */
function describeLive({ model, origin }: RunEntry): string {
  const alive = model.lanes.filter(lane => lane.endNs === null && !lane.helper);
  const waiting = alive.filter(lane => stateNow(model, lane).state === 'waiting').length;
  const time = formatDuration(model.nowNs);
  return alive.length === 1
    ? vscode.l10n.t('{0}  {1} · {2} lane · {3} waiting', origin.title, time, 1, waiting)
    : vscode.l10n.t(
        '{0}  {1} · {2} lanes · {3} waiting',
        origin.title,
        time,
        alive.length,
        waiting,
      );
}

function setKey(key: ContextKey, value: boolean): void {
  void vscode.commands.executeCommand('setContext', key, value);
}
