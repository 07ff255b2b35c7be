/** Owns the page of the timeline as text: content security policy, nonce, style and script. No data goes into it. */

export interface PageParts {
  readonly cspSource: string;
  readonly nonce: string;
  readonly scriptUri: string;
  readonly styleUri: string;
}

export function timelineHtml({ cspSource, nonce, scriptUri, styleUri }: PageParts): string {
  const policy = [
    `default-src 'none'`,
    `style-src ${cspSource}`,
    `font-src ${cspSource}`,
    `script-src 'nonce-${nonce}'`,
  ].join('; ');
  return `<!DOCTYPE html>
<html lang="en">
<head>
<meta charset="UTF-8">
<meta http-equiv="Content-Security-Policy" content="${policy}">
<meta name="viewport" content="width=device-width, initial-scale=1">
<title>Timeline</title>
<link rel="stylesheet" href="${styleUri}">
</head>
<body>
<div id="timeline"></div>
<script nonce="${nonce}" src="${scriptUri}"></script>
</body>
</html>`;
}
