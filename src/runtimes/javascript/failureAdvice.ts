/** Owns what is said after a JavaScript snippet failed for a reason that lies outside its concurrency: what is missing, and the remedy. */
import { inEnglish, type Translate } from '../../base/translate';
import { fragmentAdvice } from '../fragmentAdvice';
import type { SnippetPart } from '../runtime';

export interface FailedScript {
  /** Where only a part of a document ran, it may lack what stands around it. */
  readonly part: SnippetPart | undefined;
  /** English where it is not said. */
  readonly say?: Translate;
}

const NO_NETWORK = /\b(ENOTFOUND|EAI_AGAIN|ENETUNREACH|EHOSTUNREACH)\b/;

const OF_A_PAGE =
  /^(?:Uncaught )?ReferenceError: (document|window|localStorage|sessionStorage|XMLHttpRequest|alert|requestAnimationFrame) is not defined/;

/** Sentences for the person, from the end of standard error; none where the message speaks for itself. */
export function adviseOnFailure(errorTail: string, run: FailedScript): readonly string[] {
  // Each thread of the run may have printed a message; the first cause found is enough.
  for (const line of errorTail.split(/\r?\n/)) {
    const advice = adviceFor(line, run);
    if (advice) return [advice];
  }
  return [];
}

function adviceFor(line: string, run: FailedScript): string | undefined {
  const { say = inEnglish } = run;
  const missing = /Cannot find (?:module|package) '([^']+)'/.exec(line)?.[1];
  const packageName = missing && packageOf(missing);
  if (packageName) {
    return say(
      'The snippet needs the package {0}, which is not installed where the file lies. Install it there with: npm install {0}',
      packageName,
    );
  }
  const syntax = /\[ERR_UNSUPPORTED_TYPESCRIPT_SYNTAX\]: (.*?)(?: is)? not supported/.exec(
    line,
  )?.[1];
  if (syntax !== undefined) {
    return say(
      'Node.js runs TypeScript by leaving the types out, so what becomes code of its own cannot run: {0}. Write it in plain JavaScript (an enum as an object, a parameter property as an assignment), or compile the file and run what comes out.',
      syntax,
    );
  }
  if (/^(?:Uncaught )?SyntaxError: Cannot use import statement outside a module/.test(line)) {
    return say(
      'The file is a CommonJS script, which has no import statements. Name it .mjs, or use require() instead.',
    );
  }
  if (/^(?:Uncaught )?ReferenceError: (?:require|module|__dirname|__filename) is not/.test(line)) {
    return say(
      'The file is an ES module, which has no require(), module, __dirname and __filename. Name it .cjs, or use import and import.meta instead.',
    );
  }
  const ofPage = OF_A_PAGE.exec(line)?.[1];
  if (ofPage !== undefined) {
    return say(
      'The snippet is written for a web page: {0} is there only in a browser, and this runs in Node.js. Leave out what belongs to the page.',
      ofPage,
    );
  }
  if (NO_NETWORK.test(line)) {
    return say(
      'The snippet could not reach the network. Check the connection, or replace the address by one that can be reached from here.',
    );
  }
  if (!run.part) return undefined;
  const name = /^(?:Uncaught )?ReferenceError: (\S+) is not defined/.exec(line)?.[1];
  return name === undefined ? undefined : fragmentAdvice(name, run.part, say);
}

/** `@scope/name` or `name` of what is imported from a package; nothing for a file and for what Node itself has. */
function packageOf(specifier: string): string | undefined {
  if (/^(?:[./]|[a-zA-Z]:|node:|file:)/.test(specifier)) return undefined;
  return /^(?:@[^/]+\/)?[^/]+/.exec(specifier)?.[0];
}
