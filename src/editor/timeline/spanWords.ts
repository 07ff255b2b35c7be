/** Owns what a span of the timeline is called. No `vscode`. */
import { formatDuration } from '../../base/duration';
import { messages, type Message, type Translate } from '../../base/translate';
import type { WaitKind } from '../../trace/format';
import type { Job, RunModel, Wait } from '../../trace/model';
import { isIdle } from '../../trace/phrases';

/** Short, for a span of which it is not known what it is on. */
const BARE: Readonly<Record<WaitKind, Message>> = messages({
  join: 'join',
  lock: 'lock',
  condition: 'wait',
  event: 'wait',
  semaphore: 'acquire',
  barrier: 'barrier',
  get: 'get',
  put: 'put',
  drain: 'drain',
  result: 'result of',
  wait: 'wait for',
  await: 'await',
  recv: 'recv',
  send: 'send',
  exit: 'exit of',
  shutdown: 'shutdown',
  sleep: 'sleep',
  io: 'io',
  idle: 'wait for',
});

const SPAN: Readonly<Record<Exclude<WaitKind, 'sleep'>, Message>> = messages({
  join: 'join {0}',
  lock: 'lock {0}',
  condition: 'wait {0}',
  event: 'wait {0}',
  semaphore: 'acquire {0}',
  barrier: 'barrier {0}',
  get: 'get: {0}',
  put: 'put: {0}',
  drain: 'drain: {0}',
  result: 'result of {0}',
  wait: 'wait for {0}',
  await: 'await {0}',
  recv: 'recv: {0}',
  send: 'send: {0}',
  exit: 'exit of {0}',
  shutdown: 'shutdown {0}',
  io: 'io {0}',
  idle: 'wait for {0}',
});

/** `join Thread-1`. A timeline has many that are alike: their words are made once. */
export function spanWords(say: Translate): (wait: Wait) => string {
  const known = new Map<string, string>();
  return wait => {
    const key = `${wait.kind} ${wait.label}`;
    const words = known.get(key) ?? wordsOf(wait, say);
    known.set(key, words);
    return words;
  };
}

function wordsOf(wait: Wait, say: Translate): string {
  const { kind, label } = wait;
  if (isIdle(wait)) return say('idle');
  // How long it was to sleep is its length, which is told anyway: not `sleep 500 ms  500 ms`.
  if (!label || label === BARE[kind] || kind === 'sleep') return say(BARE[kind]);
  // Without saying a word twice: `lock` and `lock results` is `lock results`.
  return label.startsWith(`${BARE[kind]} `) ? label : say(SPAN[kind], label);
}

/** `words` are those of the wait; with its length where that is known: the page adds the length of what still goes on. */
export function spanLabel(
  model: RunModel,
  wait: Wait,
  job: Job | undefined,
  words: string,
  say: Translate,
): string {
  const holder = wait.kind === 'lock' ? holderOf(model, wait) : undefined;
  const text = holder ? say('{0} held by {1}', words, holder) : words;
  const length = wait.endNs === null ? '' : `  ${formatDuration(wait.endNs - wait.startNs)}`;
  return (isMostOf(wait, job) ? `${job?.name}: ${text}` : text) + length;
}

/** Who holds the lock now, for a wait that goes on; who held it, for one that is over. */
function holderOf(model: RunModel, wait: Wait): string | undefined {
  const owner =
    wait.endNs === null && wait.object !== null ? model.objects[wait.object]?.owner : null;
  return model.lanes[owner ?? wait.on[0] ?? -1]?.name;
}

/** A job that does little but wait has no running span to be named on. */
function isMostOf(wait: Wait, job: Job | undefined): boolean {
  if (!job || job.startNs === null || wait.startNs < job.startNs) return false;
  if (wait.endNs === null || job.endNs === null) return true;
  return wait.endNs - wait.startNs > (job.endNs - job.startNs) / 2;
}
