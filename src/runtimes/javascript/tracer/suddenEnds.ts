/** Owns the ways in which a program ends its own process at once, without an `exit` event: what it told so far goes out before. */
import { replace } from './replace';

const SUDDEN_ENDS = ['abort', 'kill', 'reallyExit', 'execve'] as const;

export function beforeSuddenEnds(flush: () => void): void {
  for (const name of SUDDEN_ENDS) {
    replace(
      process as { [name in (typeof SUDDEN_ENDS)[number]]?: unknown },
      name,
      original =>
        function (this: unknown, ...args: unknown[]) {
          flush();
          return Reflect.apply(original, this, args);
        },
    );
  }
}
