/**
 * Owns every word the timeline page itself says, in English, and how a translation takes its place. The host hands the
 * translations over with the page, so this file is all of them that ships with it.
 */

export const PAGE_WORDS = {
  timeline: 'Timeline',
  follow: 'Follow',
  followTip: 'Keep now in view (F)',
  zoomOut: 'Zoom out (-)',
  fit: 'fit',
  fitTip: 'Show the whole run (0)',
  zoomIn: 'Zoom in (+)',
  arrows: 'arrows',
  arrowsTip: 'Show who started, ended or released whom (A)',
  arrowsLeftOut: '{0} of {1} shown here: zoom in for the rest',
  play: 'Play the run back from the cursor (P)',
  speed: 'Speed of playback',
  export: 'Export',
  exportTip: 'Save the timeline as a picture or a trace',
  svg: 'Picture of the view (SVG)',
  png: 'Picture of the view (PNG)',
  perfetto: 'Trace for Perfetto',
  pictureFailed: 'The picture could not be made: {0}',
  find: 'Find',
  findTip: 'Find (/)',
  findWhat: 'Find lane, wait, job or line',
  findHere: 'Find in the timeline',
  previous: 'Previous match (Shift+Enter)',
  next: 'Next match (Enter)',
  close: 'Close (Escape)',
  noMatch: 'no match',
  oneMatch: '1 match',
  matches: '{0} matches',
  matchAt: '{0} of {1}',
  matchAtOf: '{0} of {1} (of {2})',
  lanes: 'Lanes',
  lanesOf: 'Lanes of {0}',
  helpers: 'Helpers',
  helpersTip: 'started by the language',
  otherProcesses: 'Other processes',
  tasks: '{0} tasks',
  calls: '{0} calls',
  workers: '{0} workers',
  processes: '{0} processes',
  threads: '{0} threads',
  daemon: 'daemon',
  notTraced: 'not traced',
  'not-started': 'not started',
  running: 'running',
  waiting: 'waiting',
  ready: 'ready, not yet resumed',
  done: 'ended',
  failed: 'failed',
  killed: 'killed',
  for: 'for {0}',
  at: 'at {0}',
  list: '{0}, {1}',
  legend: 'Legend',
  join: 'join / result',
  lock: 'lock',
  queue: 'queue / pipe',
  await: 'await',
  quiet: 'sleep / io / idle',
  record: '1 record, {0} dropped',
  records: '{0} records, {1} dropped',
  hardlySlower: 'less than 1 % slower than untraced',
  slower: 'about {0} % slower than untraced',
  ended: 'The run ended after {0}.',
  span: 'Span',
  goToLine: 'Go to line',
  whoEnded: 'Who held me up?',
  allHere: 'All waits here ({0})',
  chooseWait: 'Choose a wait first: comma and full stop step through the waits of a lane.',
  noWait: 'No further wait on this lane.',
  nothing:
    'No run yet. Run a snippet, and its threads, processes and tasks appear here as lanes, with who waited for whom.',
  restricted:
    'This workspace is in Restricted Mode, where nothing is run. Trust it to run snippets.',
  run: 'Run Concurrent Snippet',
  openExample: 'Open an example',
  keys: 'Up and Down: lanes. Comma and full stop: waits of the lane. Left and Right: pan. Plus and minus: zoom. 0: whole run. Enter: go to source. W: who held me up. H: all waits here. Slash: find. F: follow. A: arrows. P: play. S and D: move the cursor.',
} as const;
export type PageWord = keyof typeof PAGE_WORDS;

/** What a translation knows of them; the rest stays English. */
export type Translations = Readonly<Partial<Record<PageWord, string>>>;

export type Words = (word: PageWord, ...values: readonly (string | number)[]) => string;

export function wordsIn(translations: Translations): Words {
  return (word, ...values) =>
    (translations[word] ?? PAGE_WORDS[word]).replaceAll(/\{(\d)\}/gu, (hole, at: string) => {
      const value = values[Number(at)];
      return typeof value === 'number' ? value.toLocaleString('en-US') : (value ?? hole);
    });
}

/** Taken out of a bundle whose keys are the English texts, as VS Code hands it over. */
export function translationsFrom(bundle: Readonly<Record<string, unknown>>): Translations {
  return known(Object.entries(PAGE_WORDS).map(([word, english]) => [word, bundle[english]]));
}

/** From the text in the page. */
export function parseTranslations(text: string | undefined): Translations {
  try {
    const value: unknown = JSON.parse(text ?? '{}');
    return typeof value === 'object' && value !== null ? known(Object.entries(value)) : {};
  } catch {
    return {};
  }
}

function known(entries: readonly (readonly [string, unknown])[]): Translations {
  const found: Partial<Record<PageWord, string>> = {};
  for (const [word, text] of entries)
    if (isWord(word) && typeof text === 'string') found[word] = text;
  return found;
}

const isWord = (word: string): word is PageWord => Object.hasOwn(PAGE_WORDS, word);
