/**
 * Owns the record format that every tracer writes and the decoder reads: one table of record kinds, one fixed layout.
 * The prose, with the reasons, is in docs/format.md; the Python mirror is src/runtimes/python/tracer/records.py and a
 * unit test holds the two together.
 */

/**
 * Bytes of one record. A trace file is a plain sequence of them; a record whose kind byte is 0 is not written yet.
 * A writer stores the kind byte last, so that a reader never takes half a record for a whole one.
 */
export const RECORD_BYTES = 64;

/** Grows when a reader of the older format would misread a newer file. */
export const FORMAT_VERSION = 1;

/** Trace files are named `<pid>-<hex token>.clens` in the run folder, one per process (or per JS worker thread). */
export const TRACE_FILE_SUFFIX = '.clens';

/**
 * Byte offsets of the fields; little-endian, the same for every kind, so that a reader needs no per-kind layout.
 * What a field means for a kind is said in `RECORD_KINDS`; a field that a kind does not use is 0.
 */
export const FIELD = {
  kind: 0, // u8
  a: 1, // u8
  b: 2, // u8
  c: 3, // u8
  lane: 4, // u32, the file's own lane number; 0 is the main thread of the process
  t: 8, // u64, ns on the system-wide monotonic clock (CLOCK_MONOTONIC, QueryPerformanceCounter)
  t2: 16, // u64
  site: 24, // u32, a site number of this file; 0 is unknown
  ref: 28, // u32
  id: 32, // u32
  causeLane: 36, // u32, lane number + 1; 0 is unknown
  causeT: 40, // u64
  causeSite: 48, // u32
  text: 52, // u32, a string number of this file; 0 is none
  x: 56, // u64
} as const;

/**
 * The kinds of record. Strings and sites are numbered from 1 per file and defined by records of their own, anywhere in the file.
 * "target" is `ref`, read by the wait's `c`: TARGET.lane -> a lane number, TARGET.object -> an object number, TARGET.job -> a job number.
 */
export const RECORD_KINDS = {
  /** First slot. a=FORMAT_VERSION, b=LANGUAGE, lane=pid, ref=parent pid, t=now, t2=wall clock ns, text=runtime version, x=run-unique process token. Bytes 24..27 hold "CLNS". c=1 in the file of a JavaScript worker thread: x is the x of the lane record by which its parent declared it. */
  header: 1,
  /** A part of a string: id=string number, ref=total bytes of UTF-8, lane=byte offset of this part; bytes 8..23 and 36..63 hold up to 44 bytes of it, in that order. */
  string: 2,
  /** id=site number, ref=file (string), lane=line, x low u32=column (1-based, 0 unknown), x high u32=end column, text=function (string). */
  site: 3,
  /** A lane is created: lane, a=LANE_KIND, b=LANE_FLAG bits, t, site=where it was created, text=name, ref=parent lane + 1, x=pid of a child process when known, t2=its first step, where it takes it as it is made (0: laneBegin tells). */
  lane: 4,
  /** A lane takes its first step: lane, t. x=OS thread id. */
  laneBegin: 5,
  /** A lane ended: lane, a=LANE_END, t, text=detail such as "ValueError: x", x=exit status or signal number. */
  laneEnd: 6,
  /** A lane is renamed or learns its pid: lane, t, text=name (0 keeps it), x=pid (0 keeps it), b=LANE_FLAG bits. */
  laneInfo: 7,
  /** An object that lanes wait on: id=object number, a=OBJECT_KIND, t, site=where it was made, text=name (may be 0), x=key shared across processes (0 none). */
  object: 8,
  /** A wait begins: lane, id=wait number, a=WAIT_KIND, c=TARGET, ref=target, t, site, text=label override, x=timeout in ns (0 none), b=1 when it encloses other waits of its lane. */
  waitBegin: 9,
  /** What the wait was for has happened: lane, id=wait number, t, cause*. */
  waitReady: 10,
  /** A wait ended: lane, id=wait number, b=OUTCOME, t=resumed, t2=ready (0 unknown), cause*. a=WAIT_KIND with site and text, where only its end showed what it was for (0: as it began). */
  waitEnd: 11,
  /** A whole wait in one record, for one that did not block: as waitBegin and waitEnd together; t=began, t2=ended, b=OUTCOME, cause*; x=ready. id=0 when no other record refers to it. */
  waitDone: 12,
  /** One more target of the wait `id` (gather, futures.wait, a lock's owner): lane, id=wait number, c=TARGET, ref=target, t, x=how many more targets there are, numbered on from it. */
  waitOn: 13,
  /** An object changes hands: lane=new owner, id=object number, a=1 acquired 0 released, t, site. Written for contended locks only. */
  owner: 14,
  /** Level of an object after an operation: id=object number, lane, t, x=items in the queue, permits, parties. Optional. */
  level: 15,
  /** A cause whose effect is in another process or cannot be known yet: lane, a=HANDOFF_KIND, t, site, ref=object number, x=key. */
  linkFrom: 16,
  /** Its effect: lane, a=HANDOFF_KIND, t, site, id=wait number it ends (0 none), x=key. Matched first in, first out among equal (kind, key). */
  linkTo: 17,
  /** A handoff of one file told whole: lane=to, a=HANDOFF_KIND, t=to, site=to, cause*=from. Waits that carry a cause need none. */
  handoff: 18,
  /** A job is handed to an executor: id=job number, lane, t, site, text=name such as "square(3)", ref=pool object, x=key shared across processes. */
  jobSubmit: 19,
  /** A job starts on a lane: id=job number (0: find by x), lane, t, x=key, text=name. */
  jobBegin: 20,
  /** A job ended: id=job number (0: find by x), lane, t, b=OUTCOME, x=key, text=detail. */
  jobEnd: 21,
  /** A write to stdout or stderr: lane, a=1 stdout 2 stderr, t, ref=bytes written, x=CRC-32 of them, site. Written before the bytes are. */
  output: 22,
  /** A task's step, for lanes that share a thread: lane=task, a=1 resumed 0 suspended, t, ref=thread lane + 1, site=the suspended line. */
  step: 23,
  /** Something to tell the person about this run: text, t, a=NOTE_LEVEL. */
  note: 24,
  /** Records that could not be written: x=how many, t. */
  dropped: 25,
} as const;
export type RecordKind = keyof typeof RECORD_KINDS;

export const LANGUAGES = ['python', 'javascript'] as const;
export type Language = (typeof LANGUAGES)[number];

/** Order is the code in the file: index + 1. The words are those of the command line's contract. */
export const LANE_KINDS = [
  'main',
  'thread',
  'process',
  'subprocess',
  'task',
  'worker',
  'call',
] as const;
export type LaneKind = (typeof LANE_KINDS)[number];

export const LANE_FLAG = { daemon: 1, helper: 2, untraced: 4 } as const;

export const LANE_ENDS = ['returned', 'raised', 'exited', 'killed', 'running'] as const;
export type LaneEnd = (typeof LANE_ENDS)[number];

export const WAIT_KINDS = [
  'join',
  'lock',
  'condition',
  'event',
  'semaphore',
  'barrier',
  'get',
  'put',
  'drain',
  'result',
  'wait',
  'await',
  'recv',
  'send',
  'exit',
  'shutdown',
  'sleep',
  'io',
  'idle',
] as const;
export type WaitKind = (typeof WAIT_KINDS)[number];

export const OUTCOMES = ['done', 'timed-out', 'raised', 'cancelled', 'waiting', 'cut-off'] as const;
export type Outcome = (typeof OUTCOMES)[number];

export const HANDOFF_KINDS = [
  'start',
  'end-join',
  'put-get',
  'submit-run',
  'run-result',
  'release-acquire',
  'send-recv',
  'set-wait',
  'notify-wait',
] as const;
export type HandoffKind = (typeof HANDOFF_KINDS)[number];

/** What `x` of a `waitOn` may say; more than that is damage. */
export const MOST_MORE_TARGETS = 1000;

export const TARGET = { none: 0, lane: 1, object: 2, job: 3 } as const;

export const OBJECT_KINDS = [
  'lock',
  'rlock',
  'condition',
  'event',
  'semaphore',
  'barrier',
  'queue',
  'pipe',
  'pool',
  'future',
  'port',
  'loop',
] as const;
export type ObjectKind = (typeof OBJECT_KINDS)[number];

export const NOTE_LEVELS = ['info', 'warning'] as const;
