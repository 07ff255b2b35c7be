/** Owns the streams the command line talks to, so that tests can stand in for a terminal. */

export interface OutStream {
  readonly isTTY?: boolean;
  /** Calls back when the text is handed on. */
  write(text: string, done?: () => void): boolean;
}

export interface Host {
  readonly stdout: OutStream;
  readonly stderr: OutStream;
  readonly stdin: NodeJS.ReadStream;
  readonly env: Readonly<Record<string, string | undefined>>;
  readonly cwd: string;
  /** Folder of the bundle, with the assets beside it. */
  readonly distFolder: string;
}

/** Exit statuses of the command line's own. */
export const EXIT = { usage: 2, notStarted: 3, timeout: 124 } as const;

/** Resolves when the text is handed on, so that nothing is cut off by the process' end. */
export function writeWhole(stream: OutStream, text: string): Promise<void> {
  return new Promise(resolve => void stream.write(text, () => resolve()));
}
