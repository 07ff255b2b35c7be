/** Owns the question "can this snippet run in a worker of its host?". What touches the whole process has to have one of its own. */
import { messages, type Message } from '../../base/translate';
import type { RunRequest } from '../runtime';

/** To follow "because". */
const REASONS = messages({
  cluster: 'it uses cluster',
  whole: 'it changes the whole process',
  native: 'it loads a native add-on',
  signals: 'it handles signals',
  parent: 'it speaks to its parent process',
  input: 'it reads standard input',
  files: 'it reads files in another working directory',
});

const NEEDS: readonly (readonly [RegExp, Message])[] = [
  [/\b(?:from|require\s*\(|import\s*\(?)\s*['"](?:node:)?cluster['"]/, REASONS.cluster],
  [/\bprocess\s*\.\s*(?:abort|chdir|setuid|setgid|dlopen|umask)\s*\(/, REASONS.whole],
  [/['"][^'"\n]+\.node['"]/, REASONS.native],
  [/\bprocess\s*\.\s*(?:on|once)\s*\(\s*['"]SIG/, REASONS.signals],
  [/\bprocess\s*\.\s*send\s*\(/, REASONS.parent],
  // A worker that stops reading its standard input before the end of it never ends.
  [/\bprocess\s*\.\s*stdin\b/, REASONS.input],
  [
    /\{[^{}]*\bstdin\b[^{}]*\}\s*(?:from\s*|=\s*require\s*\(\s*)['"](?:node:)?process['"]/,
    REASONS.input,
  ],
];
const USES_FILES = /\b(?:from|require\s*\(|import\s*\(?)\s*['"](?:node:)?fs(?:\/promises)?['"]/;

/** Why it needs a process of its own, to follow "because"; null when a worker will do. */
export function needsOwnProcess(source: string, request: Pick<RunRequest, 'cwd'>): Message | null {
  for (const [pattern, reason] of NEEDS) if (pattern.test(source)) return reason;
  // A worker shares the working directory of its host.
  if (USES_FILES.test(source) && request.cwd !== process.cwd()) {
    return REASONS.files;
  }
  return null;
}
