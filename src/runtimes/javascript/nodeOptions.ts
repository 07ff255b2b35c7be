/** Owns how a Node process is told to load the tracer before anything of the person's. */

/** For a node command line. `preload` is the bundled tracer. */
export const loadOptions = (preload: string): string[] => ['--require', preload];

/** The value of `NODE_OPTIONS` that loads the tracer, and then whatever the person's own value asks for. */
export function nodeOptionsWith(preload: string, theirs: string | undefined): string {
  const ours = loadOptions(preload).map(quoted).join(' ');
  return theirs ? `${ours} ${theirs}` : ours;
}

/** Node splits the value at blanks that are not within quotes. */
function quoted(option: string): string {
  return /[\s"\\]/.test(option) ? `"${option.replace(/["\\]/g, '\\$&')}"` : option;
}
