/** Owns what a run has to say about itself: what was lost, what was not traced. One sentence each. */
import type { FileDecoder } from './fileDecoder';
import type { RunModel } from './model';

export function runNotes(
  model: RunModel,
  decoders: readonly FileDecoder[],
  hostNotes: ReadonlySet<string>,
): readonly string[] {
  const notes = new Set<string>();
  for (const decoder of decoders) {
    for (const note of decoder.notes) notes.add(note);
  }
  for (const note of hostNotes) notes.add(note);
  if (model.outputLeftOut > 0) {
    const megabytes = (model.outputLeftOut / 1e6).toFixed(1);
    notes.add(
      `${megabytes} million characters of output were left out: only its beginning and its end are kept.`,
    );
  }
  if (model.dropped > 0) {
    notes.add(
      `${count(model.dropped, 'record')} could not be written, so some waits may be missing.`,
    );
  }
  const unknown = decoders.reduce((sum, decoder) => sum + decoder.unknown, 0);
  if (unknown > 0) {
    notes.add(
      `${count(unknown, 'record')} of a kind this version does not know ${were(unknown)} left out.`,
    );
  }
  const damaged = decoders.reduce((sum, decoder) => sum + decoder.damaged, 0);
  if (damaged > 0) notes.add(`${count(damaged, 'damaged record')} ${were(damaged)} left out.`);
  if (model.finished) {
    for (const lane of model.lanes) {
      if (lane.helper || lane.traced) continue;
      if (lane.kind === 'process') {
        notes.add(
          `${lane.name} (pid ${lane.pid}) was not traced: its interpreter did not load the tracer, as with -I, -E or -S.`,
        );
      } else if (lane.kind === 'main') {
        notes.add('The snippet was not traced: its interpreter did not load the tracer.');
      }
    }
  }
  return [...notes];
}

const count = (many: number, word: string): string => `${many} ${word}${many === 1 ? '' : 's'}`;
const were = (many: number): string => (many === 1 ? 'was' : 'were');
