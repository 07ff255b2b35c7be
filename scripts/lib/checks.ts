// The static checks, each one program with a name. `npm run check` prints them, `npm test` counts them.
import { capture, type Captured } from './command.ts';
import { findPythons } from './pythons.ts';

export interface Check {
  name: string;
  run(): Promise<Captured>;
}

const bin =
  (name: string, ...args: string[]) =>
  () =>
    capture(`node_modules/.bin/${name}`, args);

// compileall without writing a cache: a tracer file must compile, warnings included, on the oldest Python as on the newest.
const compile = [
  'import pathlib, sys',
  'for file in sorted(pathlib.Path(sys.argv[1]).rglob("*.py")):',
  '    compile(file.read_bytes(), str(file), "exec")',
].join('\n');

export function checks(): Check[] {
  return [
    { name: 'types', run: bin('tsc', '-p', 'tsconfig.json') },
    { name: 'types of the timeline page', run: bin('tsc', '-p', 'tsconfig.webview.json') },
    { name: 'types of the browser tests', run: bin('tsc', '-p', 'tsconfig.browser.json') },
    { name: 'lint', run: bin('oxlint') },
    { name: 'format', run: bin('prettier', '--check', '.') },
    { name: 'unused code', run: bin('knip') },
    ...findPythons().map(python => ({
      name: `tracer compiles on Python ${python.version}`,
      run: () => capture(python.path, ['-W', 'error', '-c', compile, 'src/runtimes/python/tracer']),
    })),
  ];
}
