/**
 * Owns the sentences about one wait, whole ones for what it is that is waited for: other languages put the length, the label
 * and the verb elsewhere. `{0}` is the length and `{1}` the label where both are there.
 */
import { messages, type Message } from '../base/translate';
import type { WaitKind } from './format';

/** What a wait is for: the thing itself, being at it, something out of it, something of it. */
export type Sought =
  'itself' | 'at' | 'item' | 'room' | 'work' | 'result' | 'data' | 'reader' | 'end';

export const SOUGHT: Readonly<Record<WaitKind, Sought>> = {
  join: 'itself',
  lock: 'itself',
  condition: 'itself',
  event: 'itself',
  semaphore: 'itself',
  barrier: 'at',
  get: 'item',
  put: 'room',
  drain: 'work',
  result: 'result',
  wait: 'itself',
  await: 'itself',
  recv: 'data',
  send: 'reader',
  exit: 'end',
  shutdown: 'end',
  sleep: 'itself',
  io: 'itself',
  idle: 'itself',
};

type Sentences = Readonly<Record<Sought, Message>>;

export const WAITING: Sentences = messages({
  itself: 'waiting for {0}',
  at: 'waiting at {0}',
  item: 'waiting for an item from {0}',
  room: 'waiting for room in {0}',
  work: 'waiting for all work of {0}',
  result: 'waiting for the result of {0}',
  data: 'waiting for data from {0}',
  reader: 'waiting to send to {0}',
  end: 'waiting for the end of {0}',
});

export const WAITED: Sentences = messages({
  itself: 'waited {0} for {1}',
  at: 'waited {0} at {1}',
  item: 'waited {0} for an item from {1}',
  room: 'waited {0} for room in {1}',
  work: 'waited {0} for all work of {1}',
  result: 'waited {0} for the result of {1}',
  data: 'waited {0} for data from {1}',
  reader: 'waited {0} to send to {1}',
  end: 'waited {0} for the end of {1}',
});

/** The clock saw no time go by. */
export const NO_WAIT: Sentences = messages({
  itself: 'did not have to wait for {0}',
  at: 'did not have to wait at {0}',
  item: 'did not have to wait for an item from {0}',
  room: 'did not have to wait for room in {0}',
  work: 'did not have to wait for all work of {0}',
  result: 'did not have to wait for the result of {0}',
  data: 'did not have to wait for data from {0}',
  reader: 'did not have to wait to send to {0}',
  end: 'did not have to wait for the end of {0}',
});

export const GAVE_UP: Sentences = messages({
  itself: 'gave up after {0} of waiting for {1}',
  at: 'gave up after {0} of waiting at {1}',
  item: 'gave up after {0} of waiting for an item from {1}',
  room: 'gave up after {0} of waiting for room in {1}',
  work: 'gave up after {0} of waiting for all work of {1}',
  result: 'gave up after {0} of waiting for the result of {1}',
  data: 'gave up after {0} of waiting for data from {1}',
  reader: 'gave up after {0} of waiting to send to {1}',
  end: 'gave up after {0} of waiting for the end of {1}',
});

export const CANCELLED: Sentences = messages({
  itself: 'cancelled after {0} of waiting for {1}',
  at: 'cancelled after {0} of waiting at {1}',
  item: 'cancelled after {0} of waiting for an item from {1}',
  room: 'cancelled after {0} of waiting for room in {1}',
  work: 'cancelled after {0} of waiting for all work of {1}',
  result: 'cancelled after {0} of waiting for the result of {1}',
  data: 'cancelled after {0} of waiting for data from {1}',
  reader: 'cancelled after {0} of waiting to send to {1}',
  end: 'cancelled after {0} of waiting for the end of {1}',
});

export const CUT_OFF: Sentences = messages({
  itself: 'was waiting for {1} when the run ended, for {0}',
  at: 'was waiting at {1} when the run ended, for {0}',
  item: 'was waiting for an item from {1} when the run ended, for {0}',
  room: 'was waiting for room in {1} when the run ended, for {0}',
  work: 'was waiting for all work of {1} when the run ended, for {0}',
  result: 'was waiting for the result of {1} when the run ended, for {0}',
  data: 'was waiting for data from {1} when the run ended, for {0}',
  reader: 'was waiting to send to {1} when the run ended, for {0}',
  end: 'was waiting for the end of {1} when the run ended, for {0}',
});
