// The stage of a journey: the VS Code that npm serves with the packaged extension installed, and a workspace of the test's own.
import { readdirSync, readFileSync } from 'node:fs';
import type { Browser } from 'playwright-core';
import { startServer, type Server, type ServerOptions } from '../../scripts/lib/vscodeServer';
import { launchChromium } from './chromium';
import { packagedExtension } from './packagedExtension';
import { Workbench, type OpenOptions } from './workbench';
import { makeWorkspace, type Workspace } from './workspace';

export interface Stage {
  readonly workspace: Workspace;
  /** A window of its own on the workspace, closed after the test. */
  open(options?: Partial<OpenOptions>): Promise<Workbench>;
  /** Command lines of processes that name the workspace: what a run may have left behind. */
  leftovers(): string[];
}

export interface StageOptions extends Pick<ServerOptions, 'trustAll' | 'settings' | 'env'> {
  workspaceName?: string;
}

/** Call inside `describe`. The stage is there from the first test on. */
export function useStage(options: StageOptions = {}): Stage {
  let server: Server | undefined;
  let browser: Browser | undefined;
  const workspace = makeWorkspace(options.workspaceName);
  const windows: Workbench[] = [];

  before(async function () {
    this.timeout(120_000);
    server = await startServer({
      ...options,
      vsix: packagedExtension(),
      settings: {
        // A word that the editor suggests would take the Enter that follows it.
        'editor.acceptSuggestionOnEnter': 'off',
        // The terminal is read from the DOM, where only this renderer puts it.
        'terminal.integrated.gpuAcceleration': 'off',
        // In a browser VS Code saves by itself; what one test types must not reach the next.
        'files.autoSave': 'off',
        ...options.settings,
      },
    });
    browser = await launchChromium();
  });

  afterEach(async function () {
    if (this.currentTest?.state === 'failed' && windows[0]) {
      await windows[0].screenshot(`failed ${this.currentTest.title.replaceAll(/[^\w ]+/g, '')}`);
    }
    for (const one of windows.splice(0)) await one.close();
  });

  after(async () => {
    await browser?.close();
    await server?.stop();
    workspace.remove();
  });

  return {
    workspace,
    async open(how = {}) {
      if (!server || !browser) throw new Error('The stage is not up yet.');
      const opened = await Workbench.open(browser, server, { folder: workspace.folder, ...how });
      windows.push(opened);
      return opened;
    },
    leftovers: () => processesNaming(workspace.folder),
  };
}

/** Linux only, as the npm-served VS Code itself. */
function processesNaming(folder: string): string[] {
  return readdirSync('/proc')
    .filter(name => /^\d+$/.test(name))
    .flatMap(pid => {
      try {
        const line = readFileSync(`/proc/${pid}/cmdline`, 'utf8').replaceAll('\0', ' ').trim();
        return line.includes(folder) && /python/.test(line) ? [`${pid} ${line}`] : [];
      } catch {
        return []; // It has just ended.
      }
    });
}
