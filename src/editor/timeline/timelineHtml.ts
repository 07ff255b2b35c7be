/** Owns the page of the timeline as text: content security policy, nonce, style, script, and the words it says. No data goes into it. */
import type { Translations } from '../../webview/pageWords';

export interface PageParts {
  readonly cspSource: string;
  readonly nonce: string;
  readonly scriptUri: string;
  readonly styleUri: string;
  /** Of the window, as in `lang`. */
  readonly language?: string;
  readonly translations?: Translations;
}

export function timelineHtml(parts: PageParts): string {
  const { cspSource, nonce, scriptUri, styleUri, language = 'en', translations = {} } = parts;
  const policy = [
    `default-src 'none'`,
    `style-src ${cspSource}`,
    `font-src ${cspSource}`,
    `script-src 'nonce-${nonce}'`,
  ].join('; ');
  return `<!DOCTYPE html>
<html lang="${attribute(language)}">
<head>
<meta charset="UTF-8">
<meta http-equiv="Content-Security-Policy" content="${policy}">
<meta name="viewport" content="width=device-width, initial-scale=1">
<title>Timeline</title>
<link rel="stylesheet" href="${styleUri}">
</head>
<body>
<div id="timeline" data-words="${attribute(JSON.stringify(translations))}"></div>
<script nonce="${nonce}" src="${scriptUri}"></script>
</body>
</html>`;
}

const attribute = (text: string): string =>
  text.replaceAll('&', '&amp;').replaceAll('"', '&quot;').replaceAll('<', '&lt;');
