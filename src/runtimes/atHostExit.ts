/**
 * Owns what is done when the host exits in good order: one listener for however many runs live. It is the host's own exit, of
 * which there is one, so the list belongs to the module.
 */
const pending = new Set<() => void>();

function doAll(): void {
  for (const work of pending) work();
}

/** `work` is synchronous. Returns what takes it back. */
export function atHostExit(work: () => void): () => void {
  if (pending.size === 0) process.once('exit', doAll);
  pending.add(work);
  return () => {
    pending.delete(work);
    if (pending.size === 0) process.removeListener('exit', doAll);
  };
}
