/**
 * Owns the matching of causes and effects that are recorded in different processes: first in, first out among equal
 * (kind, key). Files are read in turn, so both sides are kept until a batch is read, then matched in order of time.
 */
import { KeyMap } from './numberMaps';
import type { RunTables } from './runTables';

interface Side {
  readonly lane: number;
  readonly ns: number;
  readonly site: number;
  /** The wait it ends, for an effect; -1 none. */
  readonly wait: number;
}

class Channel {
  readonly kind: number;
  causes: Side[] = [];
  effects: Side[] = [];

  constructor(kind: number) {
    this.kind = kind;
  }
}

export class Links {
  private readonly channels = new Map<number, KeyMap<Channel>>();
  private readonly dirty = new Set<Channel>();
  private readonly tables: RunTables;

  constructor(tables: RunTables) {
    this.tables = tables;
  }

  cause(kind: number, high: number, low: number, side: Side): void {
    const channel = this.channel(kind, high, low);
    channel.causes.push(side);
    this.dirty.add(channel);
  }

  effect(kind: number, high: number, low: number, side: Side): void {
    const channel = this.channel(kind, high, low);
    channel.effects.push(side);
    this.dirty.add(channel);
  }

  match(): void {
    for (const channel of this.dirty) this.matchChannel(channel);
    this.dirty.clear();
  }

  private matchChannel(channel: Channel): void {
    const count = Math.min(channel.causes.length, channel.effects.length);
    if (count === 0) return;
    channel.causes.sort(byTime);
    channel.effects.sort(byTime);
    const { tables } = this;
    for (let at = 0; at < count; at++) {
      const from = channel.causes[at]!;
      const to = channel.effects[at]!;
      const { waits } = tables;
      const site = to.site < 0 && to.wait >= 0 ? waits.site.data[to.wait]! : to.site;
      tables.handoffs.add(channel.kind, from.lane, from.ns, from.site, to.lane, to.ns, site);
      if (to.wait >= 0 && waits.causeLane.data[to.wait]! < 0) tables.setCause(to.wait, from, false);
      tables.touch(to.lane, to.wait, to.ns);
    }
    channel.causes = channel.causes.slice(count);
    channel.effects = channel.effects.slice(count);
  }

  private channel(kind: number, high: number, low: number): Channel {
    let byKey = this.channels.get(kind);
    if (!byKey) this.channels.set(kind, (byKey = new KeyMap()));
    let channel = byKey.get(high, low);
    if (!channel) byKey.set(high, low, (channel = new Channel(kind)));
    return channel;
  }
}

const byTime = (one: Side, other: Side): number => one.ns - other.ns;
