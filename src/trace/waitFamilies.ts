/** Owns which kinds of waiting look alike, everywhere a wait is shown: one family, one colour. */
import type { WaitKind } from './format';

export const WAIT_FAMILIES = ['join', 'lock', 'queue', 'await', 'quiet'] as const;
export type WaitFamily = (typeof WAIT_FAMILIES)[number];

const FAMILIES: Readonly<Record<WaitKind, WaitFamily>> = {
  join: 'join',
  result: 'join',
  exit: 'join',
  wait: 'join',
  shutdown: 'join',
  lock: 'lock',
  condition: 'lock',
  semaphore: 'lock',
  barrier: 'lock',
  event: 'lock',
  get: 'queue',
  put: 'queue',
  drain: 'queue',
  recv: 'queue',
  send: 'queue',
  await: 'await',
  sleep: 'quiet',
  io: 'quiet',
  idle: 'quiet',
};

export const familyOf = (kind: WaitKind): WaitFamily => FAMILIES[kind];
