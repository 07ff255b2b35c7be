/**
 * Finds the exceptions that ended a thread, a process or the whole run, on the line that raised them: read from the traceback
 * that the interpreter printed, which also speaks for what was never run (a syntax error).
 */
import type { Lane, RunModel } from '../trace/model';
import type { Finding, InsightInput } from './finding';
import { namesOf } from './runFacts';

interface Raised {
  readonly file: string;
  readonly line: number;
  readonly what: string;
}

/** A traceback is the last thing a lane prints; a recursion without end makes one of 1,000 frames. */
const MOST_CHARACTERS = 200_000;
/** Tracebacks are read for so many lanes. */
const MOST_LANES = 200;

export function findUncaughtExceptions({ model, sourceOf, say }: InsightInput): Finding[] {
  if (!model.finished) return [];
  const places = new Map<string, { raised: Raised; lanes: Lane[] }>();
  for (const lane of model.lanes.filter(hasFailed).slice(0, MOST_LANES)) {
    const raised = lastRaised(errorsOf(model, lane), file => {
      const document = model.documentOf(file);
      return sourceOf(document) === null ? null : document;
    });
    if (!raised) continue;
    const key = `${raised.file}\n${raised.line}\n${raised.what}`;
    const place = places.get(key) ?? { raised, lanes: [] };
    place.lanes.push(lane);
    places.set(key, place);
  }
  return [...places.values()].map(({ raised, lanes }) => ({
    rule: 'uncaught-exception',
    severity: 'error',
    message: say(
      '{0} (this ended {1})',
      raised.what,
      namesOf(
        model,
        lanes.map(lane => lane.id),
        say,
      ),
    ),
    file: raised.file,
    line: raised.line,
  }));
}

function hasFailed(lane: Lane): boolean {
  if (lane.kind === 'task' || lane.kind === 'call' || lane.kind === 'subprocess' || lane.helper)
    return false;
  return lane.end === 'raised' || (lane.end === 'exited' && (lane.exitCode ?? 0) !== 0);
}

/** What nobody is known to have written may be the main lane's. */
function errorsOf(model: RunModel, lane: Lane): string {
  const text = model.output
    .filter(piece => piece.stream === 'stderr' && (piece.lane ?? 0) === lane.id)
    .map(piece => piece.text)
    .join('');
  return text.slice(-MOST_CHARACTERS);
}

const PYTHON_FRAME = /^ +File "(.+)", line (\d+)/u;
/** `TypeError: bad`, `package.Problem: why`, `StopIteration`; not what is said between chained tracebacks. */
const PYTHON_ERROR = /^[A-Za-z_][\w.]*(?:: .*)?$/u;
/** The last one may be followed by what else the error holds. */
const JAVASCRIPT_FRAME =
  /^ +at .*?(?:file:\/\/)?((?:\/|[A-Za-z]:\\)[^()]*?):(\d+):\d+\)?(?: \{)?$/u;
/** Above the line of code that could not be compiled. */
const JAVASCRIPT_HEAD = /^(?:file:\/\/)?((?:\/|[A-Za-z]:\\).*):(\d+)$/u;
const JAVASCRIPT_ERROR = /^(?:Uncaught )?(\w*(?:Error|Exception)\b.*)$/u;

/** `documentOf` gives null for files that are not the person's own. */
function lastRaised(text: string, documentOf: (file: string) => string | null): Raised | null {
  let found: Raised | null = null;
  let at: { file: string; line: number } | null = null;
  let error: string | null = null;
  const place = (match: RegExpExecArray): typeof at => {
    const document = documentOf(match[1] ?? '');
    return document === null ? null : { file: document, line: Number(match[2]) };
  };
  for (const line of text.split(/\r?\n/u)) {
    const python = PYTHON_FRAME.exec(line);
    if (python) {
      at = place(python) ?? at;
      error = null;
      continue;
    }
    const frame = JAVASCRIPT_FRAME.exec(line);
    if (frame) {
      // The innermost frame comes first, after the error.
      const here = error === null ? null : place(frame);
      if (error !== null && here) {
        found = { ...here, what: error };
        error = null;
      }
      continue;
    }
    const head = JAVASCRIPT_HEAD.exec(line);
    if (head) {
      at = place(head);
      continue;
    }
    const javascript = JAVASCRIPT_ERROR.exec(line);
    const what = javascript?.[1] ?? (PYTHON_ERROR.test(line) && at ? line : null);
    if (what === null) continue;
    error = what;
    if (at) found = { ...at, what };
    at = null;
  }
  return found && !/^KeyboardInterrupt\b/u.test(found.what) ? found : null;
}
