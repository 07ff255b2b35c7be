/** Awaits that go on at once over and over are counted, and say so; one that is held up is still shown. */
import assert from 'node:assert/strict';
import type { RunModel, Wait } from '../../src/trace/model';
import { LAUNCHERS, recordScript } from './recordedJavaScript';

const onLine = (model: RunModel, line: number): Wait[] =>
  Array.from({ length: model.waitCount }, (_, id) => model.wait(id)).filter(
    wait => wait.site?.line === line,
  );

/** What the notes say was counted on a line. */
function countedOn(model: RunModel, line: number): number {
  const pattern = new RegExp(`await at line ${line} of .* went on at once ([\\d,]+) more times`);
  const counts = model.notes.map(note => pattern.exec(note)?.[1]);
  return counts.reduce((sum, count) => sum + Number((count ?? '0').replaceAll(',', '')), 0);
}

for (const launcher of LAUNCHERS) {
  describe(`JavaScript's hot awaits in a ${launcher}`, function () {
    this.timeout(60_000);

    it('are listed at first and then counted, none is lost', async () => {
      const { model, out } = await recordScript(
        launcher,
        `async function spin() {
  let sum = 0;
  for (let i = 0; i < 200_000; i++) sum += await i;
  return sum;
}
console.log(await spin());
`,
      );
      assert.equal(out, '19999900000\n');
      const listed = onLine(model, 3).length;
      const counted = countedOn(model, 3);
      assert.ok(counted > 0, model.notes.join('\n'));
      assert.equal(listed + counted, 200_000);
      assert.equal(onLine(model, 6).length, 1);
    });

    it('are listed again where one is held up', async () => {
      const { model } = await recordScript(
        launcher,
        `import { setTimeout as sleep } from 'node:timers/promises';
async function spin() {
  for (let i = 0; i < 200_001; i++) {
    const due = i === 200_000 ? sleep(120) : undefined;
    await due;
  }
}
await spin();
`,
      );
      const held = onLine(model, 5).at(-1);
      assert.equal(held?.kind, 'sleep');
      assert.equal(held?.label, '120 ms');
      assert.ok(held?.endNs !== null && held !== undefined);
      assert.ok((held.endNs - held.startNs) / 1e6 >= 100);
      assert.equal(onLine(model, 5).length + countedOn(model, 5), 200_001);
    });
  });
}
