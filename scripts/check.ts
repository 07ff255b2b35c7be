// Everything that can be told without running a test: types, lint, format, unused code and the tracer's syntax on every
// Python. `npm run check`.
import { checks } from './lib/checks.ts';

let failed = 0;
for (const check of checks()) {
  const { code, text } = await check.run();
  console.log(`${code === 0 ? 'ok  ' : 'FAIL'} ${check.name}`);
  if (code !== 0) {
    console.log(text.trimEnd());
    failed++;
  }
}
process.exit(failed === 0 ? 0 : 1);
