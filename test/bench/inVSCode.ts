// Rows measured in a real VS Code with the packaged extension: how long it takes to activate, and how soon after something
// happens in a snippet its mark says so.
import { readFileSync } from 'node:fs';
import path from 'node:path';
import type { Browser } from 'playwright-core';
import { startServer, type Server } from '../../scripts/lib/vscodeServer';
import { launchChromium } from '../support/chromium';
import { packagedExtension } from '../support/packagedExtension';
import { Workbench } from '../support/workbench';
import { makeWorkspace, type Workspace } from '../support/workspace';
import { median, percentile, type BenchRow, type Measured } from './bench';

export const rows: readonly BenchRow[] = [
  { name: 'activation', hold: 30, measure: () => inWindows(measureActivation) },
  {
    name: 'event in the snippet -> mark changed, p95',
    hold: 100,
    measure: () => inWindows(measureLatency),
  },
];

interface Stage {
  server: Server;
  browser: Browser;
  workspace: Workspace;
}

async function inWindows(measure: (stage: Stage) => Promise<Measured>): Promise<Measured> {
  const workspace = makeWorkspace();
  const server = await startServer({ vsix: packagedExtension() });
  const browser = await launchChromium();
  try {
    return await measure({ server, browser, workspace });
  } finally {
    await browser.close();
    await server.stop();
    workspace.remove();
  }
}

/** What VS Code itself reports in "Show Running Extensions", the median of several windows. */
async function measureActivation({ server, browser, workspace }: Stage): Promise<Measured> {
  const file = workspace.write('idle.py', 'import threading\n');
  const times: number[] = [];
  for (let round = 0; round < 5; round++) {
    const window = await Workbench.open(browser, server, { folder: workspace.folder, file });
    await window.command('Developer: Show Running Extensions');
    const row = window.page
      .locator('.runtime-extensions-editor .monaco-list-row', { hasText: 'Concurrency Lens' })
      .locator('.activation-time');
    const text = await window.when(
      async () => ((await row.count()) > 0 ? ((await row.first().textContent()) ?? '') : ''),
      words => /\d+ms/.test(words),
    );
    times.push(Number(/(\d+)ms/.exec(text)?.[1]));
    await window.close();
  }
  return {
    value: median(times),
    unit: 'ms',
    detail: `${times.length} windows: ${times.join(', ')}`,
  };
}

const joinCount = 8;
const rounds = 4;

/** Threads that end 150 ms apart, each joined on a line of its own; the snippet notes when each join returned. */
const joiner = (log: string) =>
  [
    'import threading, time',
    'def work(n):',
    '    time.sleep(1 + n * 0.15)',
    `threads = [threading.Thread(target=work, args=(n,)) for n in range(${joinCount})]`,
    'for t in threads: t.start()',
    'returned = []',
    ...Array.from(
      { length: joinCount },
      (_, n) => `threads[${n}].join(); returned.append(time.time())`,
    ),
    `open(${JSON.stringify(log)}, "w").write(repr(returned))`,
    '',
  ].join('\n');

const firstJoin = 7;

async function measureLatency(stage: Stage): Promise<Measured> {
  const delays: number[] = [];
  for (let round = 0; round < rounds; round++) delays.push(...(await delaysInWindow(stage, round)));
  return {
    value: percentile(delays, 95),
    unit: 'ms',
    detail: `median ${median(delays).toFixed(0)} ms over ${delays.length} joins in ${rounds} windows`,
  };
}

/** From the return of each join to the frame that shows its mark, ms, in a window as large as a laptop's screen. */
async function delaysInWindow(
  { server, browser, workspace }: Stage,
  round: number,
): Promise<number[]> {
  const log = path.join(workspace.folder, `returned${round}.txt`);
  const file = workspace.write(`joins${round}.py`, joiner(log));
  const size = { width: 1440, height: 900 };
  const window = await Workbench.open(browser, server, { folder: workspace.folder, file, size });
  await window.marksWhen(marks => marks.length >= joinCount);
  const watched = window.page.evaluate(watchMarks, { first: firstJoin, count: joinCount });
  await window.command('Concurrency: Run Concurrent Snippet');
  const seen = await watched;
  const returned = JSON.parse(
    await window.when(
      async () => readText(log),
      text => text.endsWith(']'),
    ),
  ) as number[];
  await window.close();
  return returned.map((at, n) => {
    const shown = seen[n];
    if (shown === undefined) throw new Error(`the mark of join ${n + 1} was not seen to change`);
    return shown - at * 1000;
  });
}

function readText(file: string): string {
  try {
    return readFileSync(file, 'utf8');
  } catch {
    return '';
  }
}

/** Runs in the page: for each of the lines, the time at which its mark first says "waited". */
function watchMarks({
  first,
  count,
}: {
  first: number;
  count: number;
}): Promise<(number | undefined)[]> {
  const seen: (number | undefined)[] = Array.from({ length: count });
  let left = count;
  let isLooking = false;
  return new Promise(resolve => {
    const look = () => {
      const editor = document.querySelector('.editor-group-container.active .monaco-editor');
      const tops = new Map<number, number>();
      for (const each of editor?.querySelectorAll('.margin-view-overlays .line-numbers') ?? []) {
        tops.set(Math.round(each.getBoundingClientRect().top), Number(each.textContent));
      }
      for (const line of editor?.querySelectorAll('.view-lines .view-line') ?? []) {
        const index = (tops.get(Math.round(line.getBoundingClientRect().top)) ?? 0) - first;
        if (index < 0 || index >= count || seen[index] !== undefined) continue;
        // Decorations carry a class of their own; asking every span for its style would be felt.
        for (const span of line.querySelectorAll('span[class*="ced-"]')) {
          if (getComputedStyle(span, '::after').content.startsWith('"waited')) {
            seen[index] = Date.now();
            left--;
            break;
          }
        }
      }
      isLooking = false;
      if (left > 0) return;
      observer.disconnect();
      resolve(seen);
    };
    // A mark that changes has a class of its own, so its line is drawn anew. Looked at in the frame that shows it.
    const observer = new MutationObserver(() => {
      if (!isLooking) requestAnimationFrame(look);
      isLooking = true;
    });
    observer.observe(document.querySelector('.part.editor') ?? document.body, {
      subtree: true,
      childList: true,
      attributes: true,
      attributeFilter: ['class'],
    });
    setTimeout(() => resolve(seen), 90_000);
  });
}
