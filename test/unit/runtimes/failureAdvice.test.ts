import assert from 'node:assert/strict';
import { adviseOnFailure } from '../../../src/runtimes/python/failureAdvice';
import { LANGUAGES, translationTo } from '../../support/translations';

const run = { interpreter: '/usr/bin/python3', part: 'lines' } as const;
const traceback = (last: string): string =>
  `Traceback (most recent call last):\n  File "x.py", line 1\n${last}\n`;

describe('adviseOnFailure', () => {
  it('names the missing package and the command that installs it', () => {
    assert.deepEqual(
      adviseOnFailure(traceback("ModuleNotFoundError: No module named 'requests'"), run),
      [
        'The snippet needs the package requests, which is not installed. Install it with: /usr/bin/python3 -m pip install requests',
      ],
    );
  });

  it('knows packages by their own names and quotes a path with blanks', () => {
    const [advice] = adviseOnFailure(
      traceback("ModuleNotFoundError: No module named 'PIL.Image'"),
      {
        interpreter: '/my env/python',
        part: undefined,
      },
    );
    assert.match(advice ?? '', /"\/my env\/python" -m pip install Pillow$/);
  });

  it('tells a cell that the cells above it do not help', () => {
    const cell = { ...run, part: 'cell' } as const;
    const [advice] = adviseOnFailure(traceback("NameError: name 'threading' is not defined"), cell);
    assert.match(advice ?? '', /uses threading, which neither it nor a cell above it defines/);
  });

  it('knows what only IPython takes', () => {
    const magic =
      '  File "a.py", line 1\n    %timeit -n1 f()\n    ^\nSyntaxError: invalid syntax\n';
    assert.match(
      adviseOnFailure(magic, run)[0] ?? '',
      /command of IPython, %timeit, .* Leave it out/,
    );
    const shell = magic.replace('%timeit -n1 f()', '!ls -l');
    assert.match(adviseOnFailure(shell, run)[0] ?? '', /command of IPython, !ls,/);
    const prompt = magic.replace('%timeit -n1 f()', 'In [1]: import time');
    assert.match(adviseOnFailure(prompt, run)[0] ?? '', /of IPython, In \[1\]:, which/);
    for (const words of ["'await' outside function", "'async with' outside async function"]) {
      const [advice] = adviseOnFailure(traceback(`SyntaxError: ${words}`), {
        ...run,
        part: undefined,
      });
      assert.match(advice ?? '', /asyncio\.run\(main\(\)\)/);
    }
  });

  it('sends tkinter to the system', () => {
    const [advice] = adviseOnFailure(
      traceback("ModuleNotFoundError: No module named '_tkinter'"),
      run,
    );
    assert.match(advice ?? '', /apt install python3-tk/);
  });

  it('says that there is no display for a window', () => {
    const error = '_tkinter.TclError: no display name and no $DISPLAY environment variable';
    const [advice] = adviseOnFailure(traceback(error), { ...run, part: undefined });
    assert.match(advice ?? '', /found no display\. .* virtual one \(Xvfb\)/);
  });

  it('calls a part with an unknown name a fragment', () => {
    const [advice] = adviseOnFailure(traceback("NameError: name 'self' is not defined"), run);
    assert.match(advice ?? '', /fragment: it uses self/);
  });

  it('tells a network that is not there from a fault of the snippet', () => {
    const error = 'requests.exceptions.ConnectionError: HTTPSConnectionPool: Max retries exceeded';
    const [advice] = adviseOnFailure(traceback(error), { ...run, part: undefined });
    assert.match(advice ?? '', /could not reach the network/);
  });

  it('leaves a whole file to its own traceback', () => {
    const whole = { ...run, part: undefined };
    assert.deepEqual(adviseOnFailure(traceback("NameError: name 'x' is not defined"), whole), []);
    assert.deepEqual(adviseOnFailure(traceback('SyntaxError: invalid syntax'), whole), []);
    assert.deepEqual(adviseOnFailure(traceback('ValueError: 3'), run), []);
  });

  it('says that a part is no complete program', () => {
    const [advice] = adviseOnFailure(traceback('SyntaxError: unexpected EOF while parsing'), run);
    assert.match(advice ?? '', /not a complete Python program \(unexpected EOF/);
  });

  it('speaks the language of the editor', () => {
    const missing = traceback("ModuleNotFoundError: No module named 'requests'");
    assert.deepEqual(adviseOnFailure(missing, { ...run, say: translationTo('ja') }), [
      'スニペットに必要なパッケージ requests がインストールされていません。次のコマンドでインストールしてください: /usr/bin/python3 -m pip install requests',
    ]);
    assert.deepEqual(adviseOnFailure(missing, { ...run, say: translationTo('zh-tw') }), [
      '程式片段需要的套件 requests 尚未安裝。請以此安裝：/usr/bin/python3 -m pip install requests',
    ]);
  });

  it('has words in every language for each cause', () => {
    const causes = [
      "ModuleNotFoundError: No module named 'tkinter'",
      'socket.gaierror: no',
      "SyntaxError: 'await' outside function",
      "NameError: name 'x' is not defined",
      'SyntaxError: invalid syntax',
      '    %timeit f()\nSyntaxError: invalid syntax',
    ];
    for (const say of LANGUAGES.map(translationTo)) {
      for (const part of ['lines', 'cell'] as const) {
        for (const cause of causes)
          assert.equal(adviseOnFailure(traceback(cause), { ...run, part, say }).length, 1, cause);
      }
    }
  });
});
