/** Owns the picture of the lanes: spans, labels, arrows, output ticks, cursor. Draws on any surface, from flat arrays. */
import { formatDuration } from '../../base/duration';
import { BAR_HEIGHT, BAR_TOP, ROW_HEIGHT } from '../rowLayout';
import { FLAG, groupOfState, RUNNING } from '../spanState';
import { rulerTicks } from '../timeScale';
import type { PageState, Selection } from './pageState';
import type { Surface } from './surface';
import type { Theme } from './theme';

export interface Region {
  readonly x: number;
  readonly y: number;
  readonly width: number;
  readonly height: number;
}

/** Narrower than this, stripes are a smear: the colour alone, darker than running, has to do. */
const HATCH_PX = 4;
const LABEL_PX = 24;
const ARROWS_SHOWN_AS_CONTEXT = 0.65;

export function paintRuler(surface: Surface, state: PageState, theme: Theme, region: Region): void {
  surface.clip(region.x, region.y, region.width, region.height, () => {
    const bottom = region.y + region.height;
    for (const tick of rulerTicks(state.scale)) {
      const x = Math.round(region.x + state.scale.toPx(tick.ns)) + 0.5;
      surface.line(
        x,
        bottom - (tick.isMajor ? 7 : 4),
        x,
        bottom,
        theme.dim,
        1,
        tick.isMajor ? 0.9 : 0.5,
      );
      if (tick.isMajor) surface.text(x + 3, region.y + 8, tick.text, theme.dim);
    }
    if (state.cursorNs !== null) {
      const x = region.x + state.scale.toPx(state.cursorNs);
      surface.triangle(x, bottom - 6, 5, false, theme.cursor);
    }
  });
}

/** `region` is the chart without the names; its y is where row 0 would be were nothing scrolled. */
export function paintLanes(surface: Surface, state: PageState, theme: Theme, region: Region): void {
  const { scale } = state;
  surface.clip(region.x, region.y, region.width, region.height, () => {
    for (const tick of rulerTicks(scale)) {
      if (!tick.isMajor) continue;
      const x = Math.round(region.x + scale.toPx(tick.ns)) + 0.5;
      surface.line(x, region.y, x, region.y + region.height, theme.grid, 1, 0.6);
    }
    if (state.block) {
      paintFound(surface, state, theme, region);
      paintSpans(surface, state, theme, region);
      paintOutput(surface, state, theme, region);
      if (state.arrows) paintArrows(surface, state, theme, region);
    }
    if (state.hover) frame(surface, state, region, state.hover, theme.foreground, 0.7);
    if (state.selection) frame(surface, state, region, state.selection, theme.focus, 1);
    if (state.isLive) {
      const x = region.x + scale.toPx(state.nowNs);
      surface.line(x, region.y, x, region.y + region.height, theme.group.running, 1, 0.35);
    }
    if (state.cursorNs !== null) {
      const x = region.x + scale.toPx(state.cursorNs);
      surface.line(x, region.y, x, region.y + region.height, theme.cursor, 1.5);
    }
  });
}

function rowTop(state: PageState, region: Region, lane: number): number | null {
  const row = state.layout.rowOf.get(lane);
  return row === undefined ? null : region.y + row * ROW_HEIGHT - state.scrollTop;
}

/** Folded into a row that is no lane: there is no bar an arrow could leave from. */
function isInGroup({ layout }: PageState, lane: number): boolean {
  return layout.rows[layout.rowOf.get(lane) ?? -1]?.lane === null;
}

function paintSpans(surface: Surface, state: PageState, theme: Theme, region: Region): void {
  const { block, scale, layout } = state;
  if (!block) return;
  const { spans, labels, originNs } = block;
  const right = region.x + region.width;
  let laneNow = -1;
  let top: number | null = null;
  for (let index = 0; index < spans.count; index++) {
    const lane = spans.lane[index]!;
    if (lane !== laneNow) {
      laneNow = lane;
      top = rowTop(state, region, lane);
      // A lane folded into another row is not drawn over it.
      if (top !== null && layout.rows[layout.rowOf.get(lane) ?? -1]?.lane !== lane) top = null;
    }
    if (top === null || top > region.y + region.height || top + ROW_HEIGHT < region.y) continue;
    const flags = spans.flags[index]!;
    const startNs = originNs + spans.start[index]!;
    const endNs = flags & FLAG.open ? state.nowNs : originNs + spans.end[index]!;
    const from = region.x + scale.toPx(startNs);
    const to = region.x + scale.toPx(endNs);
    if (to < region.x || from > right) continue;
    const x = Math.max(region.x - 4, from);
    const width = Math.max(0.75, Math.min(right + 4, to) - x);
    const code = spans.state[index]!;
    paintSpan(surface, theme, x, top + BAR_TOP, width, code, flags);
    if (flags & FLAG.cap)
      surface.fill(to - 1, top + BAR_TOP - 3, 2, BAR_HEIGHT + 6, theme.foreground);
    const label = spans.label[index]!;
    if (width >= LABEL_PX && !(flags & FLAG.ready)) {
      const text = label > 0 ? (labels[label - 1] ?? '') : '';
      const left = Math.max(x, region.x);
      const isOpenWait = (flags & FLAG.open) !== 0 && code !== RUNNING;
      const live = isOpenWait ? `  ${formatDuration(endNs - startNs)}` : '';
      if (text)
        paintLabel(
          surface,
          theme,
          left,
          top + BAR_TOP,
          Math.min(to, right) - left,
          text + live,
          code,
        );
    }
  }
}

function paintSpan(
  surface: Surface,
  theme: Theme,
  x: number,
  y: number,
  width: number,
  code: number,
  flags: number,
): void {
  const group = groupOfState(code);
  const colour = theme.group[group];
  if (group === 'idle') {
    surface.line(x, y + BAR_HEIGHT / 2, x + width, y + BAR_HEIGHT / 2, colour, 1, 0.6);
  } else if (code === RUNNING) {
    surface.bar(x, y, width, BAR_HEIGHT, colour, flags & (FLAG.mixed | FLAG.untraced) ? 0.6 : 1);
    if (theme.contrastBorder && width >= 3)
      surface.outline(x, y, width, BAR_HEIGHT, theme.contrastBorder);
  } else if (flags & FLAG.ready) {
    surface.outline(x, y, width, BAR_HEIGHT, theme.dim);
  } else if (width < HATCH_PX) {
    surface.fill(x, y, width, BAR_HEIGHT, colour, 0.55);
  } else {
    surface.fill(x, y, width, BAR_HEIGHT, colour, 0.16);
    surface.hatch(x, y, width, BAR_HEIGHT, colour, flags & FLAG.mixed ? 0.75 : 0.5);
    surface.outline(x, y, width, BAR_HEIGHT, theme.contrastBorder || colour, 0.8);
  }
}

/** The text is words and, after two spaces, a duration: that is what is left out first. */
function paintLabel(
  surface: Surface,
  theme: Theme,
  x: number,
  y: number,
  width: number,
  text: string,
  code: number,
): void {
  const room = width - 12;
  const shown =
    surface.measure(text) <= room ? text : shorten(surface, text.split('  ')[0] ?? '', room);
  if (!shown) return;
  const middle = y + BAR_HEIGHT / 2 + 0.5;
  if (code === RUNNING) {
    surface.text(x + 6, middle, shown, theme.onRunning);
    return;
  }
  // Stripes behind letters make both hard to read.
  surface.fill(x + 4, y + 1, surface.measure(shown) + 4, BAR_HEIGHT - 2, theme.background, 0.72);
  surface.text(x + 6, middle, shown, theme.foreground);
}

/** As much of the text as fits, with an ellipsis; nothing when that would be less than three letters. */
function shorten(surface: Surface, text: string, room: number): string {
  if (surface.measure(text) <= room) return text;
  let low = 0;
  let high = text.length;
  while (low < high) {
    const middle = (low + high + 1) >> 1;
    if (surface.measure(`${text.slice(0, middle)}…`) <= room) low = middle;
    else high = middle - 1;
  }
  return low >= 3 ? `${text.slice(0, low)}…` : '';
}

function paintOutput(surface: Surface, state: PageState, theme: Theme, region: Region): void {
  const { block, scale } = state;
  if (!block) return;
  const { output, originNs } = block;
  for (let index = 0; index < output.count; index++) {
    const top = rowTop(state, region, output.lane[index]!);
    if (top === null) continue;
    const x = region.x + scale.toPx(originNs + output.at[index]!);
    const isError = (output.stream[index]! & 2) !== 0;
    surface.triangle(
      x,
      top + BAR_TOP + BAR_HEIGHT + 4.5,
      2.5,
      true,
      isError ? theme.error : theme.dim,
    );
  }
}

function paintArrows(surface: Surface, state: PageState, theme: Theme, region: Region): void {
  const { block, scale, selection, hover } = state;
  if (!block) return;
  const { arrows, originNs } = block;
  const focus = selection ?? hover;
  const middle = BAR_TOP + BAR_HEIGHT / 2;
  for (let index = 0; index < arrows.count; index++) {
    const fromLane = arrows.fromLane[index]!;
    const toLane = arrows.toLane[index]!;
    const fromTop = rowTop(state, region, fromLane);
    const toTop = rowTop(state, region, toLane);
    if (fromTop === null || toTop === null || fromTop === toTop) continue;
    if (isInGroup(state, fromLane) || isInGroup(state, toLane)) continue;
    const toNs = originNs + arrows.to[index]!;
    const x1 = region.x + scale.toPx(originNs + arrows.from[index]!);
    const x2 = region.x + scale.toPx(toNs);
    if (Math.max(x1, x2) < region.x || Math.min(x1, x2) > region.x + region.width) continue;
    const isOfFocus =
      focus !== null &&
      (focus.lane === toLane || focus.lane === fromLane) &&
      toNs >= focus.fromNs - 1 &&
      toNs <= focus.toNs + 1e3 + scale.nsPerPx;
    surface.arrow(
      x1,
      fromTop + middle,
      x2,
      toTop + middle,
      isOfFocus ? theme.foreground : theme.dim,
      isOfFocus ? 1.8 : 1,
      isOfFocus ? 1 : ARROWS_SHOWN_AS_CONTEXT,
    );
  }
}

function paintFound(surface: Surface, state: PageState, theme: Theme, region: Region): void {
  state.found?.hits.forEach((hit, index) => {
    const top = rowTop(state, region, hit.lane);
    if (top === null) return;
    const x = region.x + state.scale.toPx(hit.atNs);
    const to = region.x + state.scale.toPx(hit.toNs);
    if (to < region.x || x > region.x + region.width) return;
    const left = Math.max(region.x - 2, x);
    const width = Math.max(3, Math.min(region.x + region.width + 2, to) - left);
    surface.fill(left, top + 1, width, ROW_HEIGHT - 2, theme.hit);
    if (index === state.foundAt) surface.outline(left, top + 1, width, ROW_HEIGHT - 2, theme.focus);
  });
}

function frame(
  surface: Surface,
  state: PageState,
  region: Region,
  span: Selection,
  colour: string,
  alpha: number,
): void {
  const top = rowTop(state, region, span.lane);
  if (top === null || span.toNs < span.fromNs) return;
  const x = Math.max(region.x - 4, region.x + state.scale.toPx(span.fromNs));
  const to = Math.min(region.x + region.width + 4, region.x + state.scale.toPx(span.toNs));
  if (to < x) return;
  surface.outline(x - 1, top + BAR_TOP - 2, Math.max(3, to - x + 2), BAR_HEIGHT + 4, colour, alpha);
}
