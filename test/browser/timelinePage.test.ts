// The timeline page alone, as it ships: what it paints, and what keyboard, wheel and pointer do to it.
import assert from 'node:assert/strict';
import type { Browser } from 'playwright-core';
import { launchChromium } from '../support/chromium';
import { finishedRun, liveRun } from './timelineRun';
import { TimelineStage, type StageOptions } from './timelineStage';

describe('timeline page', () => {
  let browser: Browser;
  let stage: TimelineStage;

  before(async () => {
    browser = await launchChromium();
  });

  after(() => browser.close());

  afterEach(async () => {
    const errors = stage.errors;
    await stage.close();
    assert.deepEqual(errors, []);
  });

  const openFinished = async (options: StageOptions = {}): Promise<void> => {
    stage = await TimelineStage.open(browser, options);
    stage.show(finishedRun());
    await stage.page.waitForSelector('.row');
    await stage.idle();
  };

  /** Where a lane's bar is at that second, in the page; the view fits the run of 4.3 s. */
  const pointOf = async (name: string, seconds: number): Promise<{ x: number; y: number }> => {
    const box = await stage.row(name).boundingBox();
    assert.ok(box, `no row of ${name}`);
    const from = -0.01 * 4.3;
    const span = 1.04 * 4.3;
    const names = await stage.page.evaluate(() =>
      Number.parseInt(
        document.querySelector<HTMLElement>('.rows')?.style.getPropertyValue('--names') ?? '',
        10,
      ),
    );
    const chart = box.width - names;
    return { x: names + ((seconds - from) / span) * chart, y: box.y + 12 };
  };

  const span = async (): Promise<number> => {
    await stage.idle();
    const asked = stage.of('window').at(-1);
    assert.ok(asked);
    return asked.nsPerPx;
  };

  describe('with nothing to show', () => {
    it('says what to do, and runs a snippet at the press of a button', async () => {
      stage = await TimelineStage.open(browser);
      const button = stage.page.getByRole('button', { name: 'Run Concurrent Snippet' });
      await button.waitFor();
      await stage.screenshot('empty');
      await button.click();
      await stage.page.getByRole('button', { name: 'Open an example' }).click();
      assert.deepEqual(
        stage.calls.map(call => call.what),
        ['run', 'openExamples'],
      );
    });

    it('runs nothing in Restricted Mode, and says so', async () => {
      stage = await TimelineStage.open(browser);
      stage.session.setCanRun(false);
      await stage.page.getByText('Restricted Mode').waitFor();
      assert.ok(
        await stage.page.getByRole('button', { name: 'Run Concurrent Snippet' }).isDisabled(),
      );
    });
  });

  describe('what it shows', () => {
    it('has a row for each lane below its process, helpers folded away', async () => {
      await openFinished();
      assert.deepEqual(await stage.rowNames(), [
        'MainProcess',
        'MainThread',
        'task fetch-1',
        'Thread-1 (run)',
        'Thread T2',
        'writer',
        'consumer',
        'Helpers',
        'ThreadPoolExecutor-0',
        'ThreadPoolExecutor-0_0',
        'ThreadPoolExecutor-0_1',
      ]);
      await stage.screenshot('finished');
    });

    it('paints running solid and waiting in the colour of its kind', async () => {
      await openFinished();
      const running = await pointOf('Thread-1 (run)', 3.6);
      assert.deepEqual(await stage.pixel(running.x, running.y), [0x37, 0x94, 0xff]);
      const { red, blue } = await stage.averageColour(await pointOf('writer', 2.3));
      assert.ok(red > blue + 20, `a wait for a lock is reddish, not ${red}, ${blue}`);
      const beyond = await pointOf('task fetch-1', 2.7);
      assert.deepEqual(await stage.pixel(beyond.x, beyond.y), [0x18, 0x18, 0x18]);
    });

    it('follows the colours of the theme as it changes', async () => {
      await openFinished();
      const at = await pointOf('Thread-1 (run)', 3.6);
      const ground = await pointOf('task fetch-1', 2.7);
      await stage.setTheme('light');
      assert.deepEqual(await stage.pixel(at.x, at.y), [0x1a, 0x85, 0xff]);
      assert.deepEqual(await stage.pixel(ground.x, ground.y), [0xf8, 0xf8, 0xf8]);
      await stage.screenshot('light');
      await stage.setTheme('high contrast');
      assert.deepEqual(await stage.pixel(ground.x, ground.y), [0, 0, 0]);
      await stage.screenshot('high contrast');
    });

    it('speaks the language of the window', async () => {
      stage = await TimelineStage.open(browser, { language: 'zh-tw' });
      await stage.page.getByRole('button', { name: '執行並行程式片段' }).waitFor();
      await stage.close();
      await openFinished({ language: 'ja' });
      assert.equal(await stage.page.getAttribute('html', 'lang'), 'ja');
      await stage.page.getByRole('button', { name: '全体' }).click();
      assert.match((await stage.page.textContent('.legend')) ?? '', /実行中.*準備完了、再開待ち/);
      assert.match((await stage.page.textContent('.cost')) ?? '', /^記録 \d+ 件、欠落 0 件/);
      await stage.row('writer').focus();
      assert.match(await stage.announced(), /writer/);
      await stage.row('consumer').focus();
      await stage.page.keyboard.press('.');
      const card = stage.page.locator('.card');
      await card.getByText('consumer: queue jobs のアイテムを 1.40 s 待った').waitFor();
      await stage.screenshot('in Japanese');
      const seen = (await stage.page.textContent('#timeline')) ?? '';
      assert.doesNotMatch(seen, /\b(Follow|arrows|Export|running|waited|ended|records|untraced)\b/);
    });

    it('has as many pixels as the display', async () => {
      await openFinished({ scale: 2 });
      const sizes = await stage.page.evaluate(() =>
        [...document.querySelectorAll('canvas')].map(canvas => canvas.width / canvas.clientWidth),
      );
      assert.deepEqual(sizes, [2, 2, 2]);
      await stage.screenshot('twice the pixels');
    });

    it('says what the run cost', async () => {
      await openFinished();
      assert.match((await stage.page.textContent('.cost')) ?? '', /^\d+ records, 0 dropped, /);
    });

    it('asks again for the width it gets', async () => {
      await openFinished();
      const before = await span();
      const asked = stage.of('window').length;
      await stage.page.setViewportSize({ width: 1500, height: 500 });
      await stage.until(() => stage.of('window').length > asked);
      const after = await span();
      assert.ok(after < before * 0.8, `${after} against ${before}`);
      const wide = stage.of('window').length;
      await stage.page.setViewportSize({ width: 480, height: 240 });
      await stage.until(() => stage.of('window').length > wide);
      await stage.idle();
      await stage.screenshot('narrow');
    });

    it('folds and unfolds rows', async () => {
      await openFinished();
      await stage.row('Helpers').locator('.twistie').click();
      await stage.row('QueueFeederThread').waitFor();
      await stage.row('MainProcess').locator('.twistie').click();
      await stage.idle();
      assert.deepEqual(await stage.rowNames(), ['MainProcess']);
    });
  });

  describe('by pointer', () => {
    it('zooms at the pointer: the moment below it stays', async () => {
      await openFinished();
      const before = await span();
      const at = await pointOf('writer', 2.4);
      const colour = await stage.pixel(at.x + 3, at.y);
      await stage.page.mouse.move(at.x, at.y);
      await stage.page.mouse.wheel(0, -400);
      assert.ok((await span()) < before / 2);
      assert.deepEqual(await stage.pixel(at.x + 3, at.y), colour);
      await stage.screenshot('zoomed');
    });

    it('pans with shift and wheel, and by dragging', async () => {
      await openFinished();
      const at = await pointOf('consumer', 2.5);
      await stage.page.mouse.move(at.x, at.y);
      await stage.page.mouse.wheel(0, -300);
      await stage.idle();
      const first = await stage.view();
      await stage.page.keyboard.down('Shift');
      await stage.page.mouse.wheel(0, 100);
      await stage.page.keyboard.up('Shift');
      const second = await stage.view();
      assert.ok(second.fromNs > first.fromNs);
      assert.ok(Math.abs(second.toNs - second.fromNs - (first.toNs - first.fromNs)) < 1e3);
      await stage.page.mouse.down();
      await stage.page.mouse.move(at.x + 120, at.y, { steps: 4 });
      await stage.page.mouse.up();
      const third = await stage.view();
      assert.ok(third.fromNs < second.fromNs);
      assert.deepEqual(
        stage.calls.filter(call => call.what === 'open'),
        [],
        'a drag is no click',
      );
    });

    it('answers on a card: what, where, who ended it, with three links', async () => {
      await openFinished();
      const at = await pointOf('writer', 1.5);
      await stage.page.mouse.move(at.x, at.y);
      const card = stage.page.locator('.card');
      await card.getByText('writer waited 1.50 s for lock results').waitFor();
      await card.getByText('two_threads.py:31 · line 31').waitFor();
      await card.getByText('ended by Thread-1 (run) at line 24').waitFor();
      await stage.screenshot('card');
      await card.getByRole('button', { name: 'Go to line' }).click();
      await stage.called({ what: 'open', with: { line: 31, keepFocus: false } });
      await card.getByRole('button', { name: 'Who held me up?' }).click();
      await stage.called({ what: 'open', with: { line: 24, keepFocus: true } });
      await stage.page.locator('.row[data-name="Thread-1 (run)"][aria-selected="true"]').waitFor();
    });

    it('shows all waits of a wait point, one after the other', async () => {
      await openFinished();
      const at = await pointOf('consumer', 1);
      await stage.page.mouse.move(at.x, at.y);
      await stage.page.getByRole('button', { name: 'All waits here (3)' }).click();
      await stage.page.getByText('1 of 3').waitFor();
      await stage.page.getByRole('button', { name: /Next match/ }).click();
      await stage.page.getByText('2 of 3').waitFor();
      await stage.screenshot('all waits here');
    });

    it('goes to source at a click, and tells which lane was chosen', async () => {
      await openFinished();
      const at = await pointOf('consumer', 1);
      await stage.page.mouse.click(at.x, at.y);
      await stage.idle();
      assert.deepEqual(stage.calls, [
        { what: 'select', with: 4 },
        { what: 'open', with: { line: 40, keepFocus: true } },
      ]);
    });

    it('scrubs along the ruler and tells the moment', async () => {
      await openFinished();
      const from = await pointOf('MainProcess', 1);
      const to = await pointOf('MainProcess', 2.1);
      await stage.page.mouse.move(from.x, 38);
      await stage.page.mouse.down();
      await stage.page.mouse.move(to.x, 38, { steps: 3 });
      await stage.page.mouse.up();
      await stage.told(moments => Math.abs((moments.at(-1) ?? 0) - 2.1e9) < 1e7);
      await stage.screenshot('scrubbed');
      // The keyboard goes on where the mouse left off.
      let moved = 0;
      await stage.told(moments => (moved = moments.length) > 0);
      await stage.page.keyboard.press('d');
      await stage.told(moments => moments.length > moved);
      await stage.page.keyboard.press('Escape');
      await stage.told(moments => moments.at(-1) === null);
    });

    it('moves the view from the overview', async () => {
      await openFinished();
      await stage.page.keyboard.press('Tab');
      await stage.row('writer').focus();
      for (let step = 0; step < 4; step++) await stage.page.keyboard.press('+');
      const box = await stage.page.locator('canvas.overview').boundingBox();
      assert.ok(box);
      await stage.page.mouse.click(box.x + box.width * 0.9, box.y + 5);
      const { fromNs, toNs } = await stage.view();
      assert.ok(fromNs < 0.9 * 4.3e9 && toNs > 0.9 * 4.3e9);
    });
  });

  describe('by keyboard', () => {
    it('walks lanes with Tab and arrows, and says each', async () => {
      await openFinished();
      await stage.row('MainThread').focus();
      await stage.page.keyboard.press('Tab');
      assert.equal(await stage.focusedName(), 'task fetch-1');
      await stage.page.keyboard.press('ArrowDown');
      await stage.page.keyboard.press('ArrowDown');
      assert.equal(await stage.focusedName(), 'Thread T2');
      await stage.page.keyboard.press('Shift+Tab');
      assert.equal(await stage.focusedName(), 'Thread-1 (run)');
      assert.match(await stage.announced(), /^Thread-1 \(run\), ended: done, at 4\.00 s/);
      await stage.screenshot('focus');
    });

    it('walks the waits of a lane, and goes to their lines', async () => {
      await openFinished();
      await stage.row('consumer').focus();
      await stage.page.keyboard.press('.');
      await stage.page.locator('.card').getByText('consumer waited 1.40 s').waitFor();
      await stage.page.keyboard.press('.');
      await stage.idle();
      assert.match(await stage.announced(), /consumer waited 1\.40 s for an item from queue jobs/);
      await stage.page.keyboard.press('Enter');
      await stage.called({ what: 'open', with: { line: 40, keepFocus: false } });
      await stage.page.keyboard.press('w');
      await stage.called({ what: 'open', with: { line: 9, keepFocus: true } });
    });

    it('zooms, pans and fits', async () => {
      await openFinished();
      const fitted = await stage.view();
      await stage.row('writer').focus();
      await stage.page.keyboard.press('+');
      const closer = await stage.view();
      assert.ok(closer.toNs - closer.fromNs < fitted.toNs - fitted.fromNs);
      await stage.page.keyboard.press('ArrowRight');
      assert.ok((await stage.view()).fromNs > closer.fromNs);
      await stage.page.keyboard.press('Home');
      assert.ok((await stage.view()).fromNs <= 0);
      await stage.page.keyboard.press('End');
      assert.ok((await stage.view()).toNs >= 4.3e9);
      await stage.page.keyboard.press('0');
      assert.deepEqual(await stage.view(), fitted);
    });

    it('finds by name and by wait', async () => {
      await openFinished();
      await stage.row('writer').focus();
      await stage.page.keyboard.press('/');
      await stage.page.keyboard.type('lock res');
      await stage.page.getByText('1 of 1').waitFor();
      await stage.screenshot('found');
      await stage.page.keyboard.press('Control+a');
      await stage.page.keyboard.type('nothing like it');
      await stage.page.getByText('no match').waitFor();
      await stage.page.keyboard.press('Escape');
      await stage.idle();
      assert.ok(await stage.page.locator('.find').isHidden());
    });

    it('keeps its keys from the workbench', async () => {
      await openFinished();
      await stage.page.evaluate(() => {
        const keys: string[] = [];
        (window as unknown as { keysOut: string[] }).keysOut = keys;
        window.addEventListener('keydown', event => keys.push(event.key));
      });
      await stage.row('writer').focus();
      for (const key of ['f', '+', 'ArrowDown', 'F1']) await stage.page.keyboard.press(key);
      const out = await stage.page.evaluate(
        () => (window as unknown as { keysOut: string[] }).keysOut,
      );
      assert.deepEqual(out, ['F1']);
    });
  });

  /** A run that ends before the five seconds that were in view. */
  const endShort = async (lookAt: () => Promise<void>): Promise<number> => {
    stage = await TimelineStage.open(browser);
    const model = liveRun(0.9e9);
    stage.show(model);
    await stage.page.waitForSelector('.row');
    await stage.idle();
    await lookAt();
    model.finish({ ns: 4.3e9, exitCode: 0, signal: null, isStopped: false });
    stage.session.ended();
    await stage.page.waitForFunction(() =>
      document.querySelector('#live')?.textContent.startsWith('The run ended after'),
    );
    return model.nowNs;
  };

  describe('while a run lives', () => {
    it('follows without zooming, and stops following at a pan', async () => {
      stage = await TimelineStage.open(browser);
      stage.show(liveRun(4.9e9));
      await stage.page.waitForSelector('.row');
      await stage.idle();
      const follow = stage.page.getByRole('button', { name: /Follow/ });
      assert.equal(await follow.getAttribute('aria-pressed'), 'true');
      await stage.screenshot('live');
      await stage.row('writer').focus();
      await stage.page.keyboard.press('ArrowLeft');
      await stage.idle();
      assert.equal(await follow.getAttribute('aria-pressed'), 'false');
      await stage.page.keyboard.press('f');
      await stage.idle();
      assert.equal(await follow.getAttribute('aria-pressed'), 'true');
    });

    it('shows all of a run when it has ended', async () => {
      const endNs = await endShort(async () => assert.ok((await stage.view()).toNs > 5e9));
      const { fromNs, toNs } = await stage.view();
      assert.ok(fromNs <= 0 && toNs > endNs && toNs < endNs * 1.05, `${fromNs} to ${toNs}`);
      await stage.screenshot('ended');
    });

    it('leaves a view that a person chose as it is when the run ends', async () => {
      await endShort(async () => {
        await stage.row('writer').focus();
        await stage.page.keyboard.press('ArrowLeft');
      });
      const { fromNs, toNs } = await stage.view();
      assert.ok(toNs - fromNs > 5e9);
    });

    it('asks for one block at a time, and at last for the newest window', async () => {
      stage = await TimelineStage.open(browser, { hold: ['window'] });
      stage.show(finishedRun());
      await stage.page.waitForSelector('.row');
      await stage.row('writer').focus();
      for (let step = 0; step < 12; step++) await stage.page.keyboard.press('+');
      assert.equal(stage.of('window').length, 1);
      stage.release();
      await stage.page.waitForFunction(() => document.documentElement.dataset['idle'] === 'true');
      assert.equal(stage.of('window').length, 2);
    });
  });

  it('keeps view, folding and arrows when it is hidden and shown again', async () => {
    await openFinished();
    await stage.row('writer').focus();
    await stage.page.keyboard.press('+');
    await stage.page.keyboard.press('a');
    await stage.row('Helpers').locator('.twistie').click();
    await stage.savedState(state => {
      const { arrows, unfolded } = state as { arrows: boolean; unfolded: readonly string[] };
      return !arrows && unfolded.length > 0;
    });
    const view = await stage.view();
    const names = await stage.rowNames();
    const saved = stage.saved;
    await stage.close();
    await openFinished({ saved });
    assert.deepEqual(await stage.view(), view);
    assert.deepEqual(await stage.rowNames(), names);
    const arrows = stage.page.getByRole('button', { name: /arrows/ });
    assert.equal(await arrows.getAttribute('aria-pressed'), 'false');
  });

  it('draws the view as a picture and as text for a file', async () => {
    await openFinished();
    for (const item of [
      'Picture of the view (SVG)',
      'Picture of the view (PNG)',
      'Trace for Perfetto',
    ]) {
      await stage.page.getByRole('button', { name: /Export/ }).click();
      await stage.page.getByRole('menuitem', { name: item }).click();
    }
    await stage.page.waitForFunction(() => true);
    const [svg, png, trace] = await stage.exports(3);
    assert.ok(
      svg?.what === 'svg' && svg.text.startsWith('<svg') && svg.text.includes('lock results'),
    );
    assert.ok(png?.what === 'png' && png.bytes[1] === 'P'.charCodeAt(0));
    assert.equal(trace?.what, 'perfetto');
  });

  it('writes down a message it does not know and goes on', async () => {
    await openFinished();
    await stage.page.evaluate(() => window.postMessage({ kind: 'surprise', body: 1 }, '*'));
    await stage.page.evaluate(() => window.postMessage('not even a message', '*'));
    await stage.page.waitForFunction(() => true);
    await stage.until(() => stage.errors.length >= 2);
    assert.match(
      stage.errors.splice(0).join(' '),
      /unknown message: surprise .*unknown message: none/,
    );
  });
});
