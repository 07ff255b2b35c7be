/** Owns the analysis in the command line: the wait points of a document, from the grammars beside the bundle. */
import type { WaitPoint } from '../analysis/waitPoint';

export type WaitPointReader = (file: string, text: string) => readonly WaitPoint[];

/** Until src/analysis offers an analyzer there are none. */
export function waitPointReader(_distFolder: string): Promise<WaitPointReader> {
  return Promise.resolve(() => []);
}
