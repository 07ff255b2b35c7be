/** Owns what the painter needs of a drawing surface, so that the same picture goes to a canvas and into an SVG file. */

export interface TextStyle {
  readonly align?: 'left' | 'right' | 'center';
  readonly size?: number;
  readonly isItalic?: boolean;
}

export interface Surface {
  fill(x: number, y: number, width: number, height: number, colour: string, alpha?: number): void;
  /** Rounded bar, as running spans are. */
  bar(x: number, y: number, width: number, height: number, colour: string, alpha?: number): void;
  outline(
    x: number,
    y: number,
    width: number,
    height: number,
    colour: string,
    alpha?: number,
  ): void;
  /** Slanted stripes. */
  hatch(x: number, y: number, width: number, height: number, colour: string, alpha?: number): void;
  line(
    x1: number,
    y1: number,
    x2: number,
    y2: number,
    colour: string,
    width?: number,
    alpha?: number,
  ): void;
  /** A thin curve that ends in an arrow head. */
  arrow(
    x1: number,
    y1: number,
    x2: number,
    y2: number,
    colour: string,
    width?: number,
    alpha?: number,
  ): void;
  triangle(x: number, y: number, size: number, pointsUp: boolean, colour: string): void;
  text(x: number, y: number, text: string, colour: string, style?: TextStyle): void;
  measure(text: string, size?: number): number;
  /** Whatever `draw` draws stays inside the rectangle. */
  clip(x: number, y: number, width: number, height: number, draw: () => void): void;
}

export const TEXT_SIZE = 11;

/** The control points of an arrow: it leaves and arrives level, and bends out where both ends are at one moment. */
export function arrowCurve(
  x1: number,
  y1: number,
  x2: number,
  y2: number,
): readonly [number, number, number, number] {
  const reach = Math.max(6, Math.min(36, Math.abs(x2 - x1) / 2));
  return [x1 + reach, y1, x2 - reach, y2];
}
