/** Owns the environment a snippet gets: the person's own, without what the editor set for itself. No `vscode`. */

/** What the extension host has only because it is one. */
const EDITORS_OWN =
  /^(VSCODE_|ELECTRON_|CODE_SERVER_|APPLICATION_INSIGHTS_|CHROME_DESKTOP$|GIO_LAUNCHED_|BROWSER$)/u;

export function personsEnvironment(
  host: Readonly<Record<string, string | undefined>>,
  added: Readonly<Record<string, string>>,
): Record<string, string> {
  const env: Record<string, string> = {};
  for (const [name, value] of Object.entries(host)) {
    if (value !== undefined && !EDITORS_OWN.test(name)) env[name] = value;
  }
  return { ...env, ...added };
}

export interface Variables {
  readonly workspaceFolder: string;
  readonly fileDirname: string;
  readonly home: string;
}

/** `${workspaceFolder}/bin`, `~/python`. */
export function expand(text: string, variables: Variables): string {
  return text
    .replace(/^~(?=$|[\\/])/u, variables.home)
    .replaceAll('${workspaceFolder}', variables.workspaceFolder)
    .replaceAll('${fileDirname}', variables.fileDirname)
    .replaceAll('${userHome}', variables.home);
}
