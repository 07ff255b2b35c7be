/** Owns the question "can this snippet run in a worker of its host?". What touches the whole process has to have one of its own. */
import type { RunRequest } from '../runtime';

const NEEDS: readonly (readonly [RegExp, string])[] = [
  [/\b(?:from|require\s*\(|import\s*\(?)\s*['"](?:node:)?cluster['"]/, 'it uses cluster'],
  [
    /\bprocess\s*\.\s*(?:abort|chdir|setuid|setgid|dlopen|umask)\s*\(/,
    'it changes the whole process',
  ],
  [/['"][^'"\n]+\.node['"]/, 'it loads a native add-on'],
  [/\bprocess\s*\.\s*(?:on|once)\s*\(\s*['"]SIG/, 'it handles signals'],
  [/\bprocess\s*\.\s*send\s*\(/, 'it speaks to its parent process'],
  // A worker that stops reading its standard input before the end of it never ends.
  [/\bprocess\s*\.\s*stdin\b/, 'it reads standard input'],
  [
    /\{[^{}]*\bstdin\b[^{}]*\}\s*(?:from\s*|=\s*require\s*\(\s*)['"](?:node:)?process['"]/,
    'it reads standard input',
  ],
];
const USES_FILES = /\b(?:from|require\s*\(|import\s*\(?)\s*['"](?:node:)?fs(?:\/promises)?['"]/;

/** Why it needs a process of its own, to follow "because"; null when a worker will do. */
export function needsOwnProcess(source: string, request: Pick<RunRequest, 'cwd'>): string | null {
  for (const [pattern, reason] of NEEDS) if (pattern.test(source)) return reason;
  // A worker shares the working directory of its host.
  if (USES_FILES.test(source) && request.cwd !== process.cwd()) {
    return 'it reads files in another working directory';
  }
  return null;
}
