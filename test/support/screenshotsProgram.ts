// Takes the pictures of the README in the VS Code that npm serves, with the packaged extension: node
// dist/test/support/screenshotsProgram.js [NAMES...]. Pictures are of real runs, so their times differ a little each time.
import { mkdirSync } from 'node:fs';
import path from 'node:path';
import type { Browser } from 'playwright-core';
import { startServer, type Server } from '../../scripts/lib/vscodeServer';
import { launchChromium } from './chromium';
import { packagedExtension } from './packagedExtension';
import { Workbench } from './workbench';
import { makeWorkspace, type Workspace } from './workspace';

interface Picture {
  name: string;
  example: string;
  /** The line to have in view. */
  line?: number;
  /** Brings the window to what the picture shows; the run has been started. */
  pose(window: Workbench): Promise<void>;
}

const size = { width: 1280, height: 900 };
const runTitle = 'Concurrency: Run Concurrent Snippet';

const markSays = (text: string) => (window: Workbench) =>
  window.marksWhen(marks => marks.some(mark => mark.text.includes(text)));

const pictures: readonly Picture[] = [
  {
    name: 'running',
    example: '01_threads_join.py',
    line: 26,
    async pose(window) {
      // The first run of a window opens the timeline, which takes a moment that the second has for itself.
      await window.marksWhen(marks => marks.some(mark => mark.text.startsWith('waited')));
      await window.timeline.getByText('MainThread').first().waitFor();
      await window.command(runTitle);
      await window.marksWhen(marks =>
        marks.some(mark => /^waiting for .*, [1-3]\.\d+ s/.test(mark.text)),
      );
      // On a busy machine the side bar comes after the marks.
      await window.treeWhen(rows => rows.some(row => row.startsWith('MainThread joins')));
    },
  },
  {
    name: 'deadlock',
    example: '31_deadlock.py',
    async pose(window) {
      await markSays('held by')(window);
      await window.treeWhen(rows => rows.some(row => row.startsWith('Deadlock')));
      await window.treeWhen(rows => rows.some(row => /^31_\S+ running \d\.\d+ s/.test(row)));
    },
  },
  {
    name: 'asyncio',
    example: '18_asyncio_gather.py',
    line: 22,
    async pose(window) {
      await window.marksWhen(marks => marks.some(mark => mark.text.includes('for 3 tasks')));
      await window.treeWhen(rows => rows.filter(row => row.includes('done')).length >= 5);
      await window.timeline.getByText('fit', { exact: true }).click();
    },
  },
  {
    name: 'hover',
    example: '16_queue_workers.py',
    async pose(window) {
      await markSays('waits, ')(window);
      await window.treeWhen(rows => rows.some(row => row.startsWith('16_queue_workers.py done')));
      await window.timeline.getByText('fit', { exact: true }).click();
      await window.page
        .locator('.view-line', { hasText: 'q.get()' })
        .locator('span')
        .last()
        .hover();
      await window.page.locator('.monaco-hover:visible').first().waitFor();
    },
  },
];

async function main(): Promise<void> {
  const wanted = process.argv.slice(2);
  const workspace = makeWorkspace('examples-of-threads');
  const server = await startServer({
    vsix: packagedExtension(),
    settings: {
      'workbench.colorTheme': 'Default Dark Modern',
      'editor.minimap.enabled': false,
      'editor.stickyScroll.enabled': false,
      'editor.occurrencesHighlight': 'off',
    },
  });
  const browser = await launchChromium();
  mkdirSync('docs/images', { recursive: true });
  try {
    for (const picture of pictures) {
      if (wanted.length === 0 || wanted.includes(picture.name)) {
        await take(picture, { server, browser, workspace });
      }
    }
  } finally {
    await browser.close();
    await server.stop();
    workspace.remove();
  }
}

async function take(
  picture: Picture,
  stage: { server: Server; browser: Browser; workspace: Workspace },
): Promise<void> {
  const folder = path.join(stage.workspace.folder, 'examples');
  const file = path.join(folder, picture.example);
  const window = await Workbench.open(stage.browser, stage.server, { folder, file, size });
  await window.marksWhen(marks => marks.length > 0);
  await window.showThreads();
  if (picture.line !== undefined) await window.goToLine(picture.line);
  await window.command(runTitle);
  await picture.pose(window);
  const target = `docs/images/${picture.name}.png`;
  await window.page.screenshot({ path: target, animations: 'disabled' });
  console.log(target);
  await window.close();
}

main().then(
  () => process.exit(0),
  (error: unknown) => {
    console.error(error);
    process.exit(1);
  },
);
