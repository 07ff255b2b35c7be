/** Owns the picture of the view as a file: names, ruler and lanes together, as text (SVG) or pixels (PNG). */
import { BAR_HEIGHT, BAR_TOP, ROW_HEIGHT } from '../rowLayout';
import { CanvasSurface } from './canvasSurface';
import { paintLanes, paintRuler } from './painter';
import type { PageState } from './pageState';
import type { Surface } from './surface';
import { SvgSurface } from './svgSurface';
import type { Theme } from './theme';

const RULER_HEIGHT = 22;
const MAX_ROWS = 500;

interface Frame {
  readonly width: number;
  readonly height: number;
  readonly names: number;
}

function paint(surface: Surface, state: PageState, theme: Theme, frame: Frame): void {
  const { width, height, names } = frame;
  const chart = { x: names, width: width - names };
  surface.fill(0, 0, width, height, theme.background);
  paintRuler(surface, state, theme, { ...chart, y: 0, height: RULER_HEIGHT });
  paintLanes(surface, state, theme, { ...chart, y: RULER_HEIGHT, height: height - RULER_HEIGHT });
  const first = Math.floor(state.scrollTop / ROW_HEIGHT);
  surface.clip(0, RULER_HEIGHT, names - 4, height - RULER_HEIGHT, () => {
    state.layout.rows.slice(first, first + MAX_ROWS).forEach((row, index) => {
      const y =
        RULER_HEIGHT + (first + index) * ROW_HEIGHT - state.scrollTop + BAR_TOP + BAR_HEIGHT / 2;
      surface.text(
        8 + row.depth * 14,
        y,
        row.name,
        row.lane === null ? theme.dim : theme.foreground,
        { size: 12 },
      );
    });
  });
}

export function svgOf(state: PageState, theme: Theme, frame: Frame, measure: Surface): string {
  const surface = new SvgSurface(frame.width, frame.height, theme.fontFamily, (text, size) =>
    measure.measure(text, size),
  );
  paint(surface, state, theme, frame);
  return surface.toString();
}

export async function pngOf(state: PageState, theme: Theme, frame: Frame): Promise<Uint8Array> {
  const surface = new CanvasSurface(document.createElement('canvas'));
  surface.forget(theme.fontFamily);
  surface.resize(frame.width, frame.height);
  surface.begin();
  paint(surface, state, theme, frame);
  const blob = await new Promise<Blob | null>(done => surface.canvas.toBlob(done, 'image/png'));
  if (!blob) throw new Error('the browser made no picture of it');
  return new Uint8Array(await blob.arrayBuffer());
}
