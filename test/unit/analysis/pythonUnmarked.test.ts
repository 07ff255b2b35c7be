import assert from 'node:assert/strict';
import { readFileSync } from 'node:fs';
import { expectMarked, expectUnmarked, pythonPoints } from './analysisSupport';

describe('what must not be marked', () => {
  it('str.join and os.path.join', () =>
    expectUnmarked(`
import os, os.path
from os.path import join
", ".join(["a"]); b"".join([]); f"{1}".join(xs); str.join(",", xs)
sep = ","
sep.join(map(str, xs)); os.path.join("a", "b"); os.sep.join(xs); join("a", "b")
"".join(t.name for t in threads)
`));

  it('dict.get, Path.joinpath, re objects, logging handlers', () =>
    expectUnmarked(`
import re, logging.handlers, queue as q
from pathlib import Path
d = {"a": 1}
d.get("a"); {}.get("b", 1); Path("a").joinpath("b"); re.match("a", "b").group()
h = logging.handlers.QueueHandler(None)
h.acquire(); h.release(); h.get_name()
`));

  it('look-alikes of the file and of other libraries, and mocks', () =>
    expectUnmarked(`
import sqlalchemy, unittest.mock
from unittest.mock import Mock
class Connection:
    def wait(self): ...
    def get(self): ...
    def join(self): ...
    def acquire(self): ...
c = Connection()
c.wait(); c.get(); c.join(); c.acquire()
engine = sqlalchemy.create_engine("x")
engine.connect().wait()
thread, queue, lock = Mock(), unittest.mock.MagicMock(), Mock()
thread.join(); queue.get(); lock.acquire()
with lock: pass
`));

  it('the program of the corpus that waits for nobody', async () => {
    const text = readFileSync('test/fixtures/corpus/negatives.py', 'utf8');
    assert.deepEqual(await pythonPoints(text), []);
  });

  it('an unknown receiver, unless its name and the call leave no other reading; then it is uncertain', () =>
    expectMarked(`
def f(thread, queue, entry, x, lock, items):
    thread.join()  #: join? thread
    queue.get()  #: get? queue
    queue.get("key")
    entry.get()
    x.join()
    x.join(items)
    thread.join(items)
    with lock:  #: lock? lock
        pass
`));
});
