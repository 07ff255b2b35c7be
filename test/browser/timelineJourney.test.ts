// The Timeline as a part of VS Code: from a run to a lane, to its line, to any moment of it, and back after it was hidden.
import assert from 'node:assert/strict';
import path from 'node:path';
import { useStage } from '../support/journey';
import type { Workbench } from '../support/workbench';

async function lineOfCursor(window: Workbench): Promise<string> {
  return (await window.page.locator('#status\\.editor\\.selection').textContent()) ?? '';
}

describe('the timeline in the workbench', () => {
  const stage = useStage();

  const runFirst = async (): Promise<Workbench> => {
    const window = await stage.open({
      file: path.join(stage.workspace.folder, 'examples', '01_threads_join.py'),
    });
    await window.marksWhen(marks => marks.length > 0);
    await window.command('Concurrency: Run Concurrent Snippet');
    await window.marksWhen(marks => marks.some(mark => /^waited .* for Thread T2/.test(mark.text)));
    await window.command('Concurrency: Show in Timeline');
    await window.timeline.locator('html[data-idle="true"] .row[data-name="MainThread"]').waitFor();
    return window;
  };

  it('goes from a span to its line, by pointer and by keyboard', async () => {
    const window = await runFirst();
    const { timeline } = window;
    await timeline.locator('.row[data-name="Thread T2"]').press('.');
    await timeline
      .locator('.card')
      .getByText(/^Thread T2 slept/)
      .waitFor();
    await window.screenshot('timeline journey card');
    await timeline.locator('.row[data-name="Thread T2"]').press('Enter');
    await window.when(
      () => lineOfCursor(window),
      text => text.startsWith('Ln 11,'),
    );
    await timeline.locator('.row[data-name="MainThread"]').press('.');
    await timeline
      .locator('.card')
      .getByText(/^MainThread waited/)
      .waitFor();
    await timeline.getByRole('button', { name: 'Who held me up?' }).click();
    await timeline.locator('.row[data-name="Thread-1 (run)"][aria-selected="true"]').waitFor();
  });

  it('shows in the code where each lane was at the moment under the cursor', async () => {
    const window = await runFirst();
    const ruler = await window.timeline.locator('canvas.ruler').boundingBox();
    assert.ok(ruler);
    await window.page.mouse.click(ruler.x + ruler.width * 0.6, ruler.y + 10);
    const marks = await window.marksWhen(all => all.some(mark => mark.text.includes('MainThread')));
    assert.ok(
      marks.some(mark => mark.text.includes('Thread T2')),
      JSON.stringify(marks),
    );
    await window.screenshot('timeline journey moment');
  });

  it('is as it was after it was hidden', async () => {
    const window = await runFirst();
    const { timeline } = window;
    const ruler = timeline.locator('canvas.ruler');
    for (const key of ['+', '+', 'ArrowRight']) {
      await timeline.locator('.row[data-name="MainThread"]').press(key);
    }
    const view = async (): Promise<string> =>
      `${await ruler.getAttribute('data-from')} ${await ruler.getAttribute('data-to')}`;
    await timeline.locator('html[data-idle="true"]').waitFor();
    const before = await view();
    const tab = (name: string) =>
      window.page.locator('.part.panel .action-item', { hasText: name });
    await tab('Problems').click();
    await window.page.locator('.part.panel .markers-panel').first().waitFor();
    await tab('Timeline').click();
    await timeline.locator('html[data-idle="true"] .row[data-name="Thread T2"]').waitFor();
    assert.equal(await view(), before);
  });
});
