/** Owns the words by which the timeline tells the marks that the person looks at a moment of a run. */
import type { Event } from '../base/emitter';
import type { RunEntry } from './runs';

/** `atNs` is null when they stop. */
export interface Scrub {
  readonly entry: RunEntry;
  readonly atNs: number | null;
}

export interface ScrubSource {
  readonly onDidScrub: Event<Scrub>;
}
