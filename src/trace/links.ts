/**
 * Owns the matching of causes and effects that are recorded in different processes. What is handed over (an item, a
 * message) is matched first in, first out among equal (kind, key); what is signalled (a lock's release, an event's set, a
 * result) by the latest signal before the effect, which may have several effects. Files are read in turn, so an effect
 * waits for one more look at the files before it is matched.
 */
import { HANDOFF_KINDS } from './format';
import type { HandoffKind } from './format';
import { KeyMap } from './numberMaps';
import type { RunTables } from './runTables';

export interface LinkSide {
  readonly lane: number;
  readonly ns: number;
  readonly site: number;
  /** The wait it ends, for an effect; -1 none. */
  readonly wait: number;
}

const SIGNALS: ReadonlySet<HandoffKind> = new Set([
  'release-acquire',
  'set-wait',
  'notify-wait',
  'run-result',
]);

/** A cause is noted just after it happened, and may bear a slightly later time than its effect. */
const SLACK_NS = 1e6;
/** Signals of the waiting lane itself that are passed over. */
const LOOK_BACK = 64;

class Channel {
  readonly kind: number;
  readonly isSignal: boolean;
  causes: LinkSide[] = [];
  effects: LinkSide[] = [];
  /** For each lane, the signal it last followed. */
  readonly told = new Map<number, LinkSide>();
  /** Effects that came since the last look. */
  fresh: LinkSide[] = [];

  constructor(kind: number) {
    this.kind = kind;
    this.isSignal = SIGNALS.has(HANDOFF_KINDS[kind]!);
  }

  /** A lane may take the same lock again inside itself; that is no handoff of its own. */
  isToldOnce(lane: number, cause: LinkSide): boolean {
    return HANDOFF_KINDS[this.kind] === 'release-acquire' && this.told.get(lane) === cause;
  }
}

export class Links {
  private readonly channels = new Map<number, KeyMap<Channel>>();
  private readonly dirty = new Set<Channel>();
  private readonly tables: RunTables;

  constructor(tables: RunTables) {
    this.tables = tables;
  }

  cause(kind: number, high: number, low: number, side: LinkSide): void {
    const channel = this.channel(kind, high, low);
    channel.causes.push(side);
    if (channel.effects.length > 0) this.dirty.add(channel);
  }

  effect(kind: number, high: number, low: number, side: LinkSide): void {
    const channel = this.channel(kind, high, low);
    channel.fresh.push(side);
    this.dirty.add(channel);
  }

  /** After each look at the files; `isLast` when there is none to come. */
  match(isLast: boolean): void {
    for (const channel of this.dirty) {
      if (isLast) this.ripen(channel);
      this.matchChannel(channel);
      this.ripen(channel);
      if (channel.effects.length === 0) this.dirty.delete(channel);
    }
  }

  private ripen(channel: Channel): void {
    if (channel.fresh.length === 0) return;
    channel.effects = channel.effects.concat(channel.fresh);
    channel.fresh = [];
  }

  private matchChannel(channel: Channel): void {
    if (channel.effects.length === 0 || channel.causes.length === 0) return;
    const causes = channel.causes.toSorted(byTime);
    const effects = channel.effects.toSorted(byTime);
    if (channel.isSignal) {
      const last = this.matchSignals(channel, causes, effects);
      channel.causes = causes.slice(Math.max(0, last - LOOK_BACK));
      channel.effects = [];
      return;
    }
    let next = 0;
    let at = 0;
    for (; at < effects.length && next < causes.length; at++) {
      // A later cause means that its own was not recorded: it came from a program that is not traced.
      if (causes[next]!.ns > effects[at]!.ns + SLACK_NS) continue;
      this.connect(channel.kind, causes[next++]!, effects[at]!);
    }
    channel.causes = causes.slice(next);
    channel.effects = effects.slice(at);
  }

  /** Returns the index of the last signal that came before the last effect. */
  private matchSignals(
    channel: Channel,
    causes: readonly LinkSide[],
    effects: readonly LinkSide[],
  ): number {
    let last = -1;
    for (const effect of effects) {
      while (last + 1 < causes.length && causes[last + 1]!.ns <= effect.ns) last++;
      const cause =
        effect.wait < 0
          ? causes[last]
          : (lastOfOther(causes, last, effect) ??
            soonOfOther(causes, last + 1, effect) ??
            causes[last]);
      if (!cause || (effect.wait < 0 && channel.isToldOnce(effect.lane, cause))) continue;
      channel.told.set(effect.lane, cause);
      this.connect(channel.kind, cause, effect);
    }
    return last;
  }

  private connect(kind: number, from: LinkSide, to: LinkSide): void {
    const { tables } = this;
    const { waits } = tables;
    // The end of the job it waited for has told it already.
    const isKnown =
      to.wait >= 0 &&
      waits.causeLane.data[to.wait] === from.lane &&
      !Number.isNaN(waits.causeNs.data[to.wait]!);
    if (isKnown) return;
    const site = to.site < 0 && to.wait >= 0 ? waits.site.data[to.wait]! : to.site;
    tables.handoffs.add(kind, from.lane, from.ns, from.site, to.lane, to.ns, site);
    if (to.wait >= 0 && waits.causeLane.data[to.wait]! < 0) tables.setCause(to.wait, from, false);
    tables.touch(to.lane, to.wait, to.ns);
  }

  private channel(kind: number, high: number, low: number): Channel {
    let byKey = this.channels.get(kind);
    if (!byKey) this.channels.set(kind, (byKey = new KeyMap()));
    let channel = byKey.get(high, low);
    if (!channel) byKey.set(high, low, (channel = new Channel(kind)));
    return channel;
  }
}

/** Who waits does not wake itself: a lane that takes a lock again inside itself signals, too. */
function lastOfOther(
  causes: readonly LinkSide[],
  last: number,
  effect: LinkSide,
): LinkSide | undefined {
  for (let at = last; at >= 0 && at > last - LOOK_BACK; at--) {
    if (causes[at]!.lane !== effect.lane) return causes[at];
  }
  return undefined;
}

function soonOfOther(
  causes: readonly LinkSide[],
  first: number,
  effect: LinkSide,
): LinkSide | undefined {
  for (let at = first; at < causes.length && causes[at]!.ns <= effect.ns + SLACK_NS; at++) {
    if (causes[at]!.lane !== effect.lane) return causes[at];
  }
  return undefined;
}

const byTime = (one: LinkSide, other: LinkSide): number => one.ns - other.ns;
