/** Owns every name the editor's manifest and code share: commands, views, context keys. A unit test compares them with package.json both ways. */

export const COMMANDS = {
  run: 'concurrencyLens.run',
  runSelection: 'concurrencyLens.runSelection',
  runWith: 'concurrencyLens.runWith',
  runAgain: 'concurrencyLens.runAgain',
  stop: 'concurrencyLens.stop',
  stopAll: 'concurrencyLens.stopAll',
  showInTimeline: 'concurrencyLens.showInTimeline',
  showTerminal: 'concurrencyLens.showTerminal',
  revealSource: 'concurrencyLens.revealSource',
  showWhere: 'concurrencyLens.showWhere',
  selectRun: 'concurrencyLens.selectRun',
  removeRun: 'concurrencyLens.removeRun',
  compareRuns: 'concurrencyLens.compareRuns',
  clearMarks: 'concurrencyLens.clearMarks',
  toggleMarks: 'concurrencyLens.toggleMarks',
  openExample: 'concurrencyLens.openExample',
  openSister: 'concurrencyLens.openSister',
  chooseInterpreter: 'concurrencyLens.chooseInterpreter',
  openWalkthrough: 'concurrencyLens.openWalkthrough',
} as const;
export type CommandId = (typeof COMMANDS)[keyof typeof COMMANDS];

/** Commands without a place in the manifest: links in hovers, lenses and trees call them with arguments of their own. */
export const LINKS = {
  openSite: 'concurrencyLens.link.openSite',
  openLane: 'concurrencyLens.link.openLane',
} as const;
export type LinkId = (typeof LINKS)[keyof typeof LINKS];

export const CONTAINERS = {
  threads: 'concurrencyLens',
  timeline: 'concurrencyLensTimeline',
} as const;

export const VIEWS = {
  threads: 'concurrencyLens.threads',
  findings: 'concurrencyLens.findings',
  runs: 'concurrencyLens.runs',
  timeline: 'concurrencyLens.timeline',
} as const;

export const CONTEXT_KEYS = {
  /** A run is under way. */
  isRunning: 'concurrencyLens.isRunning',
  /** There is a run to look at, live or finished. */
  hasRuns: 'concurrencyLens.hasRuns',
  /** The active document can be run. */
  canRun: 'concurrencyLens.canRun',
  /** The active document is an example that there is in the other language too. */
  hasSister: 'concurrencyLens.hasSister',
} as const;
export type ContextKey = (typeof CONTEXT_KEYS)[keyof typeof CONTEXT_KEYS];

export const WALKTHROUGH = 'concurrencyLens.start';
