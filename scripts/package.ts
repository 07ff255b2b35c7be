// Builds the .vsix that people install: concurrency-lens-<version>.vsix beside package.json. `npm run package`.
import { packageExtension } from './lib/vsix.ts';

console.log(await packageExtension());
