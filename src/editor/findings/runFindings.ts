/**
 * Owns the findings of each run: worked out when it ends, and while it stands still, since a deadlock never ends. Asks for
 * texts and wait points through functions, so it knows no `vscode`.
 */
import { Emitter } from '../../base/emitter';
import { Parts, type Disposable } from '../../base/disposable';
import type { Clock } from '../../base/clock';
import type { Translate } from '../../base/translate';
import type { WaitPoint } from '../../analysis/waitPoint';
import type { Finding } from '../../insights/finding';
import { findFindings } from '../../insights/findings';
import { isLive, type RunEntry, type RunSource } from '../runs';

export interface SourceFacts {
  /** Of the text that ran. */
  waitPointsOf(entry: RunEntry, file: string): readonly WaitPoint[];
  sourceOf(entry: RunEntry, file: string): string | null;
}

/** A run that has recorded nothing for this long may be stuck. */
const STILL_MS = 1_000;
const AGAIN_MS = 5_000;

export class RunFindings implements Disposable {
  private readonly facts: SourceFacts;
  private readonly clock: Clock;
  private readonly say: Translate;
  private readonly parts = new Parts();
  private readonly found = new Map<RunEntry, readonly Finding[]>();
  private readonly timers = new Map<RunEntry, Disposable>();
  private readonly didChange = new Emitter<RunEntry>();
  readonly onDidChange = this.didChange.event;

  constructor(runs: RunSource, facts: SourceFacts, clock: Clock, say: Translate) {
    this.facts = facts;
    this.clock = clock;
    this.say = say;
    this.parts.add(runs.onDidChange(({ entry }) => this.watch(entry)));
    this.parts.add(runs.onDidEnd(entry => this.ended(entry)));
    this.parts.add(
      runs.onDidRemove(entry => {
        this.found.delete(entry);
        this.didChange.fire(entry);
      }),
    );
  }

  of(entry: RunEntry): readonly Finding[] {
    return this.found.get(entry) ?? [];
  }

  dispose(): void {
    for (const timer of this.timers.values()) timer.dispose();
    this.parts.dispose();
    this.didChange.dispose();
  }

  private watch(entry: RunEntry): void {
    if (isLive(entry)) this.lookIn(entry, STILL_MS);
  }

  private lookIn(entry: RunEntry, ms: number): void {
    this.timers.get(entry)?.dispose();
    this.timers.set(
      entry,
      this.clock.after(ms, () => {
        this.look(entry);
        // What else stands out is seen later.
        if (isLive(entry) && this.of(entry).length > 0) this.lookIn(entry, AGAIN_MS);
      }),
    );
  }

  private ended(entry: RunEntry): void {
    this.timers.get(entry)?.dispose();
    this.timers.delete(entry);
    this.look(entry);
  }

  private look(entry: RunEntry): void {
    const before = this.of(entry);
    const findings = findFindings({
      model: entry.model,
      waitPointsOf: file => this.facts.waitPointsOf(entry, file),
      sourceOf: file => this.facts.sourceOf(entry, file),
      say: this.say,
    });
    if (before.length === 0 && findings.length === 0) return;
    this.found.set(entry, findings);
    this.didChange.fire(entry);
  }
}
