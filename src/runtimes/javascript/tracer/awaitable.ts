/** Owns what can be known of a promise before it is awaited. */
import type { WaitKind } from '../../../trace/format';

export interface Awaitable {
  readonly kind: WaitKind;
  /** In the person's words; without it, what is awaited as written. */
  readonly label?: string;
  /** Lanes of this thread's trace. */
  readonly targets?: readonly number[];
  /** When it is due to settle, in ns, for timers. */
  readonly dueNs?: number;
}
