/** Every JavaScript example from the gallery, run by the command in both places it can run in: its end, its marks, its lanes. */
import assert from 'node:assert/strict';
import * as vscode from 'vscode';
import type { ExtensionApi } from '../../src/extension';
import { familyOf } from '../../src/trace/waitFamilies';
import {
  assertPrints,
  assertWaits,
  javascriptExamples,
  waitingLines,
} from '../support/javascriptExamples';
import { activate, closeAll, ended, marksWhen, start } from './window';

async function runIn(place: 'worker' | 'process' | undefined): Promise<void> {
  await vscode.workspace
    .getConfiguration('concurrencyLens')
    .update('javascript.runsIn', place, vscode.ConfigurationTarget.Workspace);
}

for (const place of ['worker', 'process'] as const) {
  describe(`JavaScript examples in a ${place}`, () => {
    let api: ExtensionApi;
    before(async () => {
      api = await activate();
      await runIn(place);
    });
    afterEach(() => closeAll(api));
    after(() => runIn(undefined));

    for (const file of javascriptExamples()) {
      it(file, async () => {
        await vscode.commands.executeCommand('concurrencyLens.openExample', `javascript/${file}`);
        const document = vscode.window.activeTextEditor?.document;
        assert.ok(document && document.uri.path.endsWith(`/${file}`), 'the example did not open');
        const entry = await ended(api, await start(api));
        const { model } = entry;
        const said = (stream: string): string =>
          model.output
            .filter(piece => piece.stream === stream)
            .map(piece => piece.text)
            .join('');
        assert.equal(entry.end?.exitCode, 0, said('stderr'));
        assert.equal(said('stderr'), '');
        assert.deepEqual(model.notes, []);
        assertPrints(file, said('stdout'));
        assertWaits(file, model);
        const waiting = waitingLines(file);
        await marksWhen(api, document, marks =>
          waiting.every(({ line, kind }) =>
            marks.some(mark => mark.startsWith(`${line} after ${familyOf(kind)}: `)),
          ),
        );
      });
    }
  });
}
