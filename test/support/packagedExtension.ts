// The .vsix under test. `npm test` and `npm run bench` pack it before they start.
import { existsSync } from 'node:fs';
import path from 'node:path';

export function packagedExtension(): string {
  const file = path.resolve('dist', 'concurrency-lens.vsix');
  if (existsSync(file)) return file;
  throw new Error(
    `${file} is missing: run the tests with "npm test -- browser", which packs it first.`,
  );
}
