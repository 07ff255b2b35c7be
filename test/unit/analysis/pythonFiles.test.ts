import assert from 'node:assert/strict';
import { pythonCandidates } from '../../../src/analysis/workspaceModules';
import { createPythonLibrary } from '../../../src/analysis/python/tables';
import { expectMarked } from './analysisSupport';

describe('wait points of Python that lies in several files', () => {
  it('a package that imports itself by its whole name, from any depth', () =>
    expectMarked(
      `
from app.common.threads import launch, Settings
from app import boxes
import helper
def serve(settings: Settings):
    launch(print).join()  #: join launch()
    boxes.make().get()  #: get boxes.make()
    settings.stop.wait()  #: event settings.stop
    helper.started.wait()  #: event helper.started
`,
      'python',
      {
        path: '/work/app/web/views.py',
        readFile: path => FILES.get(path),
      },
    ));

  it('a quoted annotation means what its own file imports', () =>
    expectMarked(
      `
from job import Job
def show(job: Job):
    job.outcome.result()  #: result job.outcome
`,
      'python',
      {
        path: '/work/show.py',
        readFile: path =>
          path === '/work/job.py'
            ? 'import concurrent.futures as cf\nclass Job:\n    outcome: "cf.Future"\n'
            : undefined,
      },
    ));

  it('what comes with Python is not looked for, and what the tables know is no file either', () => {
    const from = '/work/app/web/views.py';
    assert.deepEqual(pythonCandidates('os.path', from), []);
    assert.deepEqual(pythonCandidates('pickle', from), []);
    assert.ok(createPythonLibrary().isModule('queue'));
    assert.deepEqual(pythonCandidates('app.boxes', from), [
      '/work/app/web/app/boxes.py',
      '/work/app/web/app/boxes/__init__.py',
      '/work/app/boxes.py',
      '/work/app/boxes/__init__.py',
    ]);
    assert.deepEqual(pythonCandidates('.models', from), [
      '/work/app/web/models.py',
      '/work/app/web/models/__init__.py',
    ]);
  });
});

const FILES = new Map([
  [
    '/work/app/common/threads.py',
    `
import threading
from app import boxes
class Settings:
    stop: "threading.Event"
def launch(fn):
    thread = threading.Thread(target=fn)
    thread.start()
    return thread
`,
  ],
  ['/work/app/boxes.py', 'import queue\ndef make():\n    return queue.Queue()\n'],
  ['/work/app/helper.py', 'import threading\nstarted = threading.Event()\n'],
]);
