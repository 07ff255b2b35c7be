import assert from 'node:assert/strict';
import { TraceModel } from '../../../src/trace/traceModel';
import { TraceReader } from '../../../src/trace/traceReader';
import { TraceFolder } from '../../support/traceFolder';
import { TraceWriter } from '../../support/traceWriter';

describe('reading the files of a run that lives', () => {
  it('knows a child by what its parent said of it, also when nobody read for a while', () => {
    const folder = new TraceFolder();
    let nowMs = 0;
    try {
      const parent = new TraceWriter();
      const child = new TraceWriter({ pid: 200, parentPid: 100, t: 10 });
      const model = new TraceModel({ startedNs: parent.base, rootPid: 100, now: () => 0 });
      const reader = new TraceReader(folder.path, model, () => nowMs);
      folder.write('1.clens', parent);
      // The file of the child is there before it writes, and comes before that of its parent by name.
      folder.write('0.clens', new Uint8Array(child.bytes().length));
      reader.poll();
      nowMs = 1000;
      folder.write('0.clens', child);
      parent.lane(1, 'process', 'P', 5, { parent: 0, pid: 200 });
      folder.write('1.clens', parent);
      reader.poll();
      assert.deepEqual(
        model.lanes.map(lane => lane.name),
        ['MainThread', 'P'],
      );
    } finally {
      folder.dispose();
    }
  });
});
