import assert from 'node:assert/strict';
import { adviseOnFailure } from '../../../../src/runtimes/javascript/failureAdvice';
import { LANGUAGES, translationTo } from '../../../support/translations';

const whole = { part: undefined };
/** In English; the other languages are asked too, which have words for all that is said anywhere here. */
function said(text: string, part?: 'lines'): string {
  const advice = adviseOnFailure(text, { part });
  for (const say of LANGUAGES.map(translationTo))
    assert.equal(adviseOnFailure(text, { part, say }).length, advice.length);
  return advice.join('\n');
}

describe('adviseOnFailure (JavaScript)', () => {
  it('names the missing package and the command that installs it', () => {
    const required =
      "Uncaught Error: Cannot find module 'lodash/fp'\nRequire stack:\n- /work/a.js\n    at x";
    assert.match(said(required), /package lodash, .* npm install lodash$/);
    const imported =
      "Error [ERR_MODULE_NOT_FOUND]: Cannot find package '@scope/tool' imported from /work/a.mjs";
    assert.match(said(imported), /npm install @scope\/tool$/);
  });

  it('knows a file that is missing from a package', () => {
    assert.equal(said("Error: Cannot find module './lib'\nRequire stack:"), '');
    const file = "Error [ERR_MODULE_NOT_FOUND]: Cannot find module '/work/lib.mjs' imported from /";
    assert.equal(said(file), '');
  });

  it('says why an enum does not run, and what to write instead', () => {
    const text =
      'SyntaxError [ERR_UNSUPPORTED_TYPESCRIPT_SYNTAX]: TypeScript enum is not supported in strip-only mode';
    assert.match(said(text), /leaving the types out.*: TypeScript enum\. .*an enum as an object/);
  });

  it('tells the two kinds of modules apart', () => {
    assert.match(said('SyntaxError: Cannot use import statement outside a module'), /\.mjs/);
    const missing = 'Uncaught ReferenceError: require is not defined in ES module scope, you can';
    assert.match(said(missing), /\.cjs/);
  });

  it('tells a network that is not there from a fault of the snippet', () => {
    const text =
      'Uncaught [TypeError: fetch failed] {\n  [cause]: Error: getaddrinfo ENOTFOUND nowhere.invalid';
    assert.match(said(text), /could not reach the network/);
  });

  it('knows what only a web page has', () => {
    assert.match(said('Uncaught ReferenceError: document is not defined'), /page: document is/);
    assert.equal(said('Uncaught ReferenceError: documents is not defined'), '');
  });

  it('calls a part with an unknown name a fragment, and leaves a whole file to its own message', () => {
    const text = 'Uncaught ReferenceError: jobs is not defined\n    at a.mjs:1:1';
    assert.match(said(text, 'lines'), /fragment: it uses jobs/);
    assert.deepEqual(adviseOnFailure(text, whole), []);
  });
});
