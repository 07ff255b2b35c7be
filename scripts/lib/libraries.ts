// Well-known libraries whose packages bring their own tests or examples along, laid out so that the tracer takes them for the
// person's own code: outside node_modules, with what they depend on inside.
import { cpSync, existsSync, mkdirSync, readdirSync, rmSync, writeFileSync } from 'node:fs';
import path from 'node:path';
import { capture } from './command.ts';

export interface Library {
  readonly name: string;
  readonly version: string;
  /** Files that are run, each by itself. */
  readonly tests: RegExp;
  /** Among them, what cannot be compared, and why. */
  readonly except?: Readonly<Record<string, string>>;
  /** Before the file on Node's command line. */
  readonly flags?: readonly string[];
  /** What its tests import besides what it depends on. */
  readonly needs?: readonly string[];
  /** A program of ours, for a library that ships no tests: in test/fixtures/libraries. */
  readonly own?: string;
  /** In seconds: part of `--quick`. */
  readonly isQuick?: true;
}

const MOCHA = ['node_modules/mocha/bin/mocha.js', '--reporter', 'tap', '--exit'];

export const LIBRARIES: readonly Library[] = [
  {
    name: 'fastq',
    version: '1.20.3',
    tests: /^(?:test\/(?:promise|test)\.js|example\.m?js)$/,
    needs: ['tape@5.9.0', 'async@3.2.6', 'neo-async@2.6.2'],
    isQuick: true,
  },
  {
    name: 'comlink',
    version: '4.4.2',
    tests: /^tests\/node\/main\.mjs$/,
    flags: MOCHA,
    needs: ['mocha@11.7.5', 'chai@4.5.0'],
    isQuick: true,
  },
  { name: 'p-limit', version: '7.3.3', tests: /^pLimit\.mjs$/, own: 'pLimit.mjs', isQuick: true },
  { name: 'p-queue', version: '9.3.5', tests: /^pQueue\.mjs$/, own: 'pQueue.mjs', isQuick: true },
  { name: 'avvio', version: '9.3.1', tests: /^test\/.*\.test\.js$/ },
  {
    name: 'thread-stream',
    version: '4.2.1',
    tests: /^test\/[^/]*\.test\.m?js$/,
    except: {
      'test/bench.test.js': 'measures time',
      'test/bundlers.test.js': 'needs bundlers',
      'test/transpiled.test.js': 'needs a build',
    },
    flags: ['--expose-gc'],
    needs: ['desm@1.3.1', 'sonic-boom@5.0.2'],
  },
  {
    name: 'piscina',
    version: '5.3.2',
    tests: /^test\/[^/]*\.test\.ts$/,
    flags: ['--import', 'tsx'],
    needs: ['tsx@4.20.6', 'abort-controller@3.0.0', 'concat-stream@2.0.0'],
  },
  {
    name: 'sonic-boom',
    version: '5.0.2',
    tests: /^test\/[^/]*\.test\.js$/,
    except: { 'test/write.test.js': 'takes a minute and more by itself' },
    needs: ['proxyquire@2.1.3'],
  },
];

/** Installs them once into `folder`. Returns what is wrong, where it cannot. */
export async function layOut(
  folder: string,
  chosen: readonly Library[],
): Promise<string | undefined> {
  for (const library of chosen) {
    const home = path.join(folder, library.name);
    const stamp = path.join(home, `installed-${library.version}`);
    if (existsSync(stamp)) continue;
    rmSync(home, { recursive: true, force: true });
    mkdirSync(home, { recursive: true });
    writeFileSync(path.join(home, 'package.json'), '{ "private": true }');
    const packages = [`${library.name}@${library.version}`, ...(library.needs ?? [])];
    const { code, text } = await capture(
      'npm',
      ['install', '--ignore-scripts', '--no-audit', '--no-fund', '--no-save', ...packages],
      { cwd: home, limitMs: 180_000 },
    );
    if (code !== 0) return `npm could not install ${packages.join(' ')}: ${text.trim()}`;
    rmSync(path.join(home, 'package.json'));
    if (library.own !== undefined) {
      cpSync(path.join('test', 'fixtures', 'libraries', library.own), path.join(home, library.own));
    }
    // As if it were the project that the packages were installed for.
    cpSync(path.join(home, 'node_modules', library.name), home, { recursive: true });
    writeFileSync(stamp, '');
  }
  return undefined;
}

export function filesOf(folder: string, { name, tests, except }: Library): string[] {
  return readdirSync(path.join(folder, name), { recursive: true, encoding: 'utf8' })
    .map(file => file.replaceAll(path.sep, '/'))
    .filter(file => !file.startsWith('node_modules/') && tests.test(file) && !except?.[file])
    .toSorted();
}
