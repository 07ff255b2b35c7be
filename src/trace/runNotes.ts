/** Owns what a run has to say about itself: what was lost, what was not traced. One sentence each. */
import type { Translate } from '../base/translate';
import type { FileDecoder } from './fileDecoder';
import type { RunModel } from './model';

export function runNotes(
  model: RunModel,
  decoders: readonly FileDecoder[],
  hostNotes: ReadonlySet<string>,
  say: Translate,
): readonly string[] {
  const notes = new Set<string>();
  for (const decoder of decoders) {
    for (const note of decoder.notes) notes.add(note);
  }
  for (const note of hostNotes) notes.add(note);
  const add = (sentence: string): void => void notes.add(sentence);
  if (model.outputLeftOut > 0) {
    const megabytes = (model.outputLeftOut / 1e6).toFixed(1);
    add(
      say(
        '{0} million characters of output were left out: only its beginning and its end are kept.',
        megabytes,
      ),
    );
  }
  if (model.dropped > 0) add(droppedNote(model.dropped, say));
  const unknown = decoders.reduce((sum, decoder) => sum + decoder.unknown, 0);
  if (unknown > 0) add(unknownNote(unknown, say));
  const damaged = decoders.reduce((sum, decoder) => sum + decoder.damaged, 0);
  if (damaged > 0) add(damagedNote(damaged, say));
  if (model.finished) {
    for (const lane of model.lanes) {
      if (lane.helper || lane.traced) continue;
      if (lane.kind === 'process') {
        const pid = String(lane.pid);
        add(
          say(
            '{0} (pid {1}) was not traced: its interpreter did not load the tracer, as with -I, -E or -S.',
            lane.name,
            pid,
          ),
        );
      } else if (lane.kind === 'main') {
        add(say('The snippet was not traced: its interpreter did not load the tracer.'));
      }
    }
  }
  return [...notes];
}

const droppedNote = (count: number, say: Translate): string =>
  count === 1
    ? say('{0} record could not be written, so some waits may be missing.', count)
    : say('{0} records could not be written, so some waits may be missing.', count);

const unknownNote = (count: number, say: Translate): string =>
  count === 1
    ? say('{0} record of a kind this version does not know was left out.', count)
    : say('{0} records of a kind this version does not know were left out.', count);

const damagedNote = (count: number, say: Translate): string =>
  count === 1
    ? say('{0} damaged record was left out.', count)
    : say('{0} damaged records were left out.', count);
