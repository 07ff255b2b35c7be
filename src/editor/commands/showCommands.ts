/** Owns the commands that show something: the timeline, a terminal, a line, an example. */
import * as vscode from 'vscode';
import type { Gallery } from '../gallery';
import { LINKS, COMMANDS, WALKTHROUGH } from '../ids';
import { isLaneLink, isSiteLink, openLine } from '../links';
import { stateNow } from '../laneNow';
import type { InlineMarks } from '../marks/inlineMarks';
import type { RunEntry, RunService } from '../runs';
import { changeSetting, setting } from '../settings';
import type { RunTerminals } from '../terminal/runTerminals';
import type { TimelineView } from '../timeline/timelineView';
import type { Site } from '../../trace/model';
import { entryOf, laneOf } from './arguments';
import { chooseChange } from './compareRuns';
import { openExample, openSister } from './exampleCommand';
import { registerAll } from './register';

export interface ShowCommandParts {
  readonly runs: RunService;
  readonly marks: InlineMarks;
  readonly terminals: RunTerminals;
  readonly timeline: TimelineView;
  readonly gallery: Gallery;
  readonly extensionId: string;
  readonly log: vscode.LogOutputChannel;
}

export function registerShowCommands(parts: ShowCommandParts): vscode.Disposable {
  const { runs, marks, terminals, timeline, log } = parts;
  const lineNow = (file: string, line: number): number | undefined => marks.lineNow(file, line);
  const open = async (site: Site | null | undefined, preserveFocus: boolean): Promise<void> => {
    if (site) await openLine(site.file, site.line, site.column, lineNow, preserveFocus);
    else {
      void vscode.window.showInformationMessage(
        vscode.l10n.t('The line is not known: this lane has done nothing yet that was recorded.'),
      );
    }
  };
  const timelineOf = (
    entry: RunEntry,
    lane: number,
    atNs: number,
    wait: number | null,
  ): Promise<void> => timeline.reveal(entry, { lane, atNs, toNs: null, wait }, true);

  return registerAll(
    {
      [COMMANDS.showInTimeline]: async argument => {
        const at = laneOf(argument, runs);
        if (at) return timelineOf(at.entry, at.lane, startOf(at.entry, at.lane), null);
        const entry = entryOf(argument, runs) ?? runs.selected;
        if (entry) return timelineOf(entry, 0, 0, null);
        return vscode.commands.executeCommand('concurrencyLens.timeline.focus');
      },
      [COMMANDS.showTerminal]: argument => {
        const entry = entryOf(argument, runs) ?? runs.selected;
        if (entry) terminals.show(entry);
      },
      [COMMANDS.selectRun]: async argument => {
        const entry = entryOf(argument, runs) ?? (await pickRun(runs));
        if (!entry) return;
        runs.select(entry);
        marks.restore(entry);
        await open(
          {
            file: entry.origin.documentPath,
            line: entry.origin.firstLine,
            column: 1,
            endColumn: null,
            func: null,
          },
          true,
        );
      },
      [COMMANDS.compareRuns]: async argument => {
        const entry = entryOf(argument, runs) ?? runs.selected;
        const place = entry && (await chooseChange(entry, runs, marks));
        // Its line is that of the text as it is now.
        if (place) await openLine(place.file, place.line, 1, (_file, line) => line);
      },
      [COMMANDS.revealSource]: async argument => {
        const at = laneOf(argument, runs);
        if (at) await open(at.entry.model.lanes[at.lane]?.site, false);
      },
      [COMMANDS.showWhere]: async argument => {
        const at = laneOf(argument, runs);
        if (at) await open(whereIs(at.entry, at.lane), true);
      },
      [COMMANDS.clearMarks]: () => marks.clear(),
      [COMMANDS.toggleMarks]: () => toggleMarks(),
      [COMMANDS.openExample]: argument => openExample(parts.gallery, argument),
      [COMMANDS.openSister]: argument => openSister(parts.gallery, argument),
      [COMMANDS.openWalkthrough]: () =>
        vscode.commands.executeCommand(
          'workbench.action.openWalkthrough',
          `${parts.extensionId}#${WALKTHROUGH}`,
        ),
      [LINKS.openSite]: argument => {
        return isSiteLink(argument)
          ? openLine(argument.file, argument.line, argument.column, lineNow)
          : undefined;
      },
      [LINKS.openLane]: argument => {
        const entry = entryOf(argument, runs);
        if (!entry || !isLaneLink(argument)) return undefined;
        return timelineOf(entry, argument.lane, argument.atNs, argument.wait);
      },
    },
    log,
  );
}

/** The line a lane waits at; for one that does not, the last line it is known to have been at. */
function whereIs(entry: RunEntry, id: number): Site | null {
  const { model } = entry;
  const lane = model.lanes[id];
  if (!lane) return null;
  const state = stateNow(model, lane);
  if ((state.state === 'waiting' || state.state === 'ready') && state.wait.site)
    return state.wait.site;
  const waits = model.waitsOfLane(id);
  const last = waits.length > 0 ? model.wait(waits[waits.length - 1] ?? 0).site : null;
  return last ?? lane.site;
}

const startOf = (entry: RunEntry, lane: number): number => entry.model.lanes[lane]?.startNs ?? 0;

async function pickRun(runs: RunService): Promise<RunEntry | undefined> {
  const chosen = await vscode.window.showQuickPick(
    runs.entries.toReversed().map(entry => ({
      label: entry.origin.title,
      description: entry.startedAt.toLocaleTimeString(),
      entry,
    })),
    { placeHolder: vscode.l10n.t('Show which run?') },
  );
  return chosen?.entry;
}

async function toggleMarks(): Promise<void> {
  const isOn = setting('marks.enabled');
  await changeSetting('marks.enabled', !isOn, vscode.ConfigurationTarget.Global);
}
