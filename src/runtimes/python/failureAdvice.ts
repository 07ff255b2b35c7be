/** Owns what is said after a Python snippet failed for a reason that lies outside its concurrency: what is missing, and the remedy. */
import { inEnglish, type Translate } from '../../base/translate';
import { fragmentAdvice } from '../fragmentAdvice';
import type { SnippetPart } from '../runtime';

export interface FailedRun {
  readonly interpreter: string;
  /** Where only a part of a document ran, it may lack what stands around it. */
  readonly part: SnippetPart | undefined;
  /** English where it is not said. */
  readonly say?: Translate;
}

/** Packages whose name on the index is not that of the module. */
const PACKAGE_OF: Readonly<Record<string, string>> = {
  bs4: 'beautifulsoup4',
  cv2: 'opencv-python',
  PIL: 'Pillow',
  sklearn: 'scikit-learn',
  yaml: 'PyYAML',
  dotenv: 'python-dotenv',
  serial: 'pyserial',
};
/** Parts of the standard library that systems ship apart. */
const SHIPPED_APART: Readonly<Record<string, string>> = {
  tkinter: 'python3-tk',
  _tkinter: 'python3-tk',
  distutils: 'python3-distutils',
};

const NO_NETWORK =
  /^(requests\.exceptions\.(ConnectionError|ProxyError|ConnectTimeout)|urllib\.error\.URLError|socket\.gaierror|aiohttp\.client_exceptions\.ClientConnectorError)\b/;

const AWAIT_OUTSIDE = /^SyntaxError: '(?:await|async with|async for)' outside (?:async )?function/;
/** `%timeit f()`, `!ls`, the prompt `In [1]:`, as the traceback of a SyntaxError shows its line. */
const IPYTHON = /^ {4}([%!]{1,2}\w\S*|In \[\d+\]:)/m;

/** Sentences for the person, from the end of standard error; none where the traceback speaks for itself. */
export function adviseOnFailure(errorTail: string, run: FailedRun): readonly string[] {
  const { say = inEnglish } = run;
  const [, command] = IPYTHON.exec(errorTail) ?? [];
  if (run.part && command !== undefined && /^SyntaxError:/m.test(errorTail)) {
    return [
      say(
        'The snippet has a command of IPython, {0}, which Python itself does not know. Leave it out to run the snippet here.',
        command,
      ),
    ];
  }
  // Each process of the run may have printed a traceback; the first cause found is enough.
  for (const line of errorTail.split(/\r?\n/)) {
    const advice = adviceFor(line, run);
    if (advice) return [advice];
  }
  return [];
}

function adviceFor(line: string, run: FailedRun): string | undefined {
  const { say = inEnglish } = run;
  const missing = /^ModuleNotFoundError: No module named '([^']+)'/.exec(line)?.[1];
  if (missing) return adviseOnModule(missing, run);
  if (/^_tkinter\.TclError: (?:no display name|couldn't connect to display)/.test(line)) {
    return say(
      'The snippet opens a window and found no display. Run it where there is a screen, or set DISPLAY to that of a virtual one (Xvfb).',
    );
  }
  if (NO_NETWORK.test(line)) {
    return say(
      'The snippet could not reach the network. Check the connection, or replace the address by one that can be reached from here.',
    );
  }
  if (AWAIT_OUTSIDE.test(line)) {
    return say(
      'Only IPython takes an await outside a function. Put it into a function, async def main(): ..., and end with asyncio.run(main()).',
    );
  }
  if (!run.part) return undefined;
  const name = /^NameError: (?:global )?name '([^']+)' is not defined/.exec(line)?.[1];
  if (name && run.part === 'cell') {
    return say(
      'The cell uses {0}, which neither it nor a cell above it defines. Define it in this cell or in one above.',
      name,
    );
  }
  if (name) return fragmentAdvice(name, run.part, say);
  const syntax = /^(?:SyntaxError|IndentationError|TabError): (.*)$/.exec(line)?.[1];
  if (syntax !== undefined) {
    return say(
      'The snippet is not a complete Python program ({0}). Mend it, or select the whole of what should run.',
      syntax,
    );
  }
  return undefined;
}

function adviseOnModule(module: string, run: FailedRun): string {
  const { say = inEnglish, interpreter } = run;
  const top = module.split('.')[0] ?? module;
  const apart = SHIPPED_APART[top];
  if (apart) {
    return say(
      "The snippet needs {0}, which this Python does not have. Install it with the system's package manager (on Debian: apt install {1}), or choose another interpreter than {2}.",
      top,
      apart,
      interpreter,
    );
  }
  const name = PACKAGE_OF[top] ?? top;
  const python = /\s/.test(interpreter) ? `"${interpreter}"` : interpreter;
  return say(
    'The snippet needs the package {0}, which is not installed. Install it with: {1} -m pip install {0}',
    name,
    python,
  );
}
