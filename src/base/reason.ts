/** Owns turning whatever was thrown into words, to stand inside a sentence. */

export function reasonOf(problem: unknown): string {
  const text = problem instanceof Error ? problem.message : String(problem);
  return text.replace(/\.$/, '');
}
