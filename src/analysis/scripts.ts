/** Owns the scripts inside HTML, Vue and Svelte files: where their text is, when its language is certain. */

export interface Script {
  /** Offset of the text between the tags. */
  readonly start: number;
  readonly end: number;
  /** TypeScript without tags. */
  readonly isTyped: boolean;
}

const TAG = /<script\b((?:[^>"']|"[^"]*"|'[^']*')*)>([\s\S]*?)<\/script\s*>/gi;
const COMMENT = /<!--[\s\S]*?-->/g;
const TYPES = new Set([
  '',
  'module',
  'text/javascript',
  'application/javascript',
  'text/ecmascript',
  'text/babel',
]);
const LANGUAGES = new Set(['', 'js', 'javascript', 'jsx', 'ts', 'typescript', 'tsx']);

export function findScripts(text: string): Script[] {
  // Comments are blanked, so that what is commented out is not found and offsets stay.
  const visible = text.replaceAll(COMMENT, comment => ' '.repeat(comment.length));
  const scripts: Script[] = [];
  for (const match of visible.matchAll(TAG)) {
    const attributes = match[1] ?? '';
    const body = match[2] ?? '';
    if (/\bsrc\s*=/i.test(attributes) || body.trim() === '') continue;
    if (!TYPES.has(attribute(attributes, 'type')) || !LANGUAGES.has(attribute(attributes, 'lang')))
      continue;
    const start = match.index + match[0].indexOf('>', attributes.length + '<script'.length) + 1;
    const isTyped = /^(?:ts|typescript)$/.test(attribute(attributes, 'lang'));
    scripts.push({ start, end: start + body.length, isTyped });
  }
  return scripts;
}

function attribute(attributes: string, name: string): string {
  const match = new RegExp(`\\b${name}\\s*=\\s*(?:"([^"]*)"|'([^']*)'|([^\\s"'>]+))`, 'i').exec(
    attributes,
  );
  return (match?.[1] ?? match?.[2] ?? match?.[3] ?? '').trim().toLowerCase();
}
