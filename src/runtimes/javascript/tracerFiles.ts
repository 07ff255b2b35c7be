/** Owns which files of the tracer a Node process has to load before the person's own, and how it is told. */

export interface TracerFiles {
  /** Loaded by `--require`: the tracer. */
  readonly preload: string;
  /** Loaded by `--import`: what a Node without `module.registerHooks` (before 22.15) needs for modules. */
  readonly register: string;
}

/** Options for a node command line or for `NODE_OPTIONS`. `hasHooks`: that Node has `module.registerHooks`. */
export function loadOptions(files: TracerFiles, hasHooks: boolean): string[] {
  const options = ['--require', files.preload];
  if (!hasHooks) options.push('--import', files.register);
  return options;
}

/** As `NODE_OPTIONS` wants it: split at blanks, unless quoted. */
export function quoteOptions(options: readonly string[]): string {
  return options
    .map(option => (/[\s"\\]/.test(option) ? `"${option.replace(/["\\]/g, '\\$&')}"` : option))
    .join(' ');
}
