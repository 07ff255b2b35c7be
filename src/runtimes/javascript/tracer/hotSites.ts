/**
 * Owns which awaits are hot, so that they are counted instead of listed, and the clock that is looked at seldom there.
 * "At once" is within one run of microtasks: nothing came from the event loop in between. A tick of `process.nextTick`
 * tells where such a run ends, for Node runs its ticks when the microtasks are through and before anything else.
 */
import path from 'node:path';
import type { ModuleSite } from './asyncCall';
import type { Recorder } from './recorder';

/** So many awaits at one place that went on at once make it hot. */
const HOT = 2000;
/** What is longer was held up by something. */
const AT_ONCE_NS = 100_000;
/** One that was held up weighs as much as so many that were not: a pause for the garbage collector is no reason to list all. */
const HELD_UP_WEIGHT = 500;
/** Hot awaits between two looks at the clock, a power of two. */
const LOOK_EVERY = 64;

// The snippet may replace it.
const onTick = process.nextTick.bind(process);

export class HotSites {
  private latestNs = 0;
  private sinceLook = 0;
  private turns = 1;
  private isTickSet = false;
  private readonly told = new Set<ModuleSite>();
  private readonly recorder: Recorder;
  private readonly endTurn = (): void => {
    this.turns++;
    this.isTickSet = false;
  };

  constructor(recorder: Recorder) {
    this.recorder = recorder;
  }

  now(): number {
    const ns = this.recorder.now();
    this.latestNs = ns;
    return ns;
  }

  /** At most `LOOK_EVERY` hot awaits ago. */
  recently(): number {
    this.sinceLook = (this.sinceLook + 1) & (LOOK_EVERY - 1);
    return this.sinceLook === 0 ? this.now() : this.latestNs;
  }

  isHot(site: ModuleSite): boolean {
    return site.quickness >= HOT;
  }

  /** A function that mostly ends without a suspension: its start is of no use. */
  isQuick(site: ModuleSite): boolean {
    return site.quickEnds >= HOT;
  }

  /** A number for this run of microtasks. */
  turn(): number {
    if (!this.isTickSet) {
      this.isTickSet = true;
      onTick(this.endTurn);
    }
    return this.turns;
  }

  isSameTurn(turn: number): boolean {
    return this.turns === turn;
  }

  count(site: ModuleSite | undefined): void {
    if (site) site.counted++;
  }

  /** A hot await was held up: what happens here from now on is worth listing again. */
  cool(site: ModuleSite): void {
    site.quickness = 0;
  }

  /** An await that was listed lasted so long. */
  note(site: ModuleSite, ns: number): void {
    if (ns > AT_ONCE_NS) {
      site.quickness = Math.max(0, site.quickness - HELD_UP_WEIGHT);
      return;
    }
    if (++site.quickness !== HOT || this.told.has(site)) return;
    this.told.add(site);
    this.recorder.note(
      `${placeOf(site)} has gone on at once ${words(HOT)} times; from here on those that do are counted, not listed one by one.`,
    );
  }

  tell(): void {
    for (const site of this.told) {
      if (site.counted === 0) continue;
      this.recorder.note(
        `${placeOf(site)} went on at once ${words(site.counted)} more times; those are not listed one by one.`,
      );
    }
  }
}

const placeOf = (site: ModuleSite): string =>
  `The await at line ${site.line} of ${path.basename(site.file)}`;

/** Not by `toLocaleString`, whose first call takes tens of milliseconds. */
const words = (count: number): string => String(count).replace(/\B(?=(?:\d{3})+$)/g, ',');
