/** Owns a canvas that is crisp on every display: one drawing unit is one CSS pixel, whatever the device's pixels are. */
import { contextOf, smallCanvas } from './dom';
import { arrowCurve, TEXT_SIZE, type Surface, type TextStyle } from './surface';

const TILE = 7;

export class CanvasSurface implements Surface {
  readonly canvas: HTMLCanvasElement;
  width = 0;
  height = 0;
  private readonly context: CanvasRenderingContext2D;
  private ratio = 1;
  private family = 'sans-serif';
  private readonly patterns = new Map<string, CanvasPattern>();
  private readonly widths = new Map<string, number>();
  private shift = 0;
  private fillNow = '';
  private strokeNow = '';

  constructor(canvas: HTMLCanvasElement) {
    this.canvas = canvas;
    this.context = contextOf(canvas);
  }

  resize(width: number, height: number): void {
    const ratio = window.devicePixelRatio || 1;
    if (this.width === width && this.height === height && this.ratio === ratio) return;
    if (ratio !== this.ratio) this.patterns.clear();
    this.ratio = ratio;
    this.width = width;
    this.height = height;
    this.canvas.width = Math.round(width * ratio);
    this.canvas.height = Math.round(height * ratio);
    this.canvas.style.width = `${width}px`;
    this.canvas.style.height = `${height}px`;
  }

  /** Fonts and colours may have changed. */
  forget(family: string): void {
    this.family = family;
    this.patterns.clear();
    this.widths.clear();
  }

  /** Starts a picture. `hatchShift` keeps the stripes in place relative to time while the view pans. */
  begin(hatchShift = 0): void {
    const { context } = this;
    context.setTransform(this.ratio, 0, 0, this.ratio, 0, 0);
    context.clearRect(0, 0, this.width, this.height);
    context.textBaseline = 'middle';
    this.fillNow = '';
    this.strokeNow = '';
    const shift = ((hatchShift % TILE) + TILE) % TILE;
    if (shift !== this.shift) {
      this.shift = shift;
      for (const pattern of this.patterns.values()) this.place(pattern);
    }
  }

  fill(x: number, y: number, width: number, height: number, colour: string, alpha = 1): void {
    this.context.globalAlpha = alpha;
    this.setFill(colour);
    this.context.fillRect(x, y, width, height);
  }

  bar(x: number, y: number, width: number, height: number, colour: string, alpha = 1): void {
    if (width < 5) {
      this.fill(x, y, width, height, colour, alpha);
      return;
    }
    const { context } = this;
    context.globalAlpha = alpha;
    this.setFill(colour);
    context.beginPath();
    context.roundRect(x, y, width, height, 2);
    context.fill();
  }

  outline(x: number, y: number, width: number, height: number, colour: string, alpha = 1): void {
    const { context } = this;
    context.globalAlpha = alpha;
    this.setStroke(colour);
    context.lineWidth = 1;
    if (width < 5) {
      context.strokeRect(x + 0.5, y + 0.5, Math.max(0.5, width - 1), height - 1);
      return;
    }
    context.beginPath();
    context.roundRect(x + 0.5, y + 0.5, width - 1, height - 1, 2);
    context.stroke();
  }

  hatch(x: number, y: number, width: number, height: number, colour: string, alpha = 1): void {
    this.context.globalAlpha = alpha;
    this.context.fillStyle = this.pattern(colour);
    this.fillNow = '';
    this.context.fillRect(x, y, width, height);
  }

  line(x1: number, y1: number, x2: number, y2: number, colour: string, width = 1, alpha = 1): void {
    const { context } = this;
    context.globalAlpha = alpha;
    this.setStroke(colour);
    context.lineWidth = width;
    context.beginPath();
    context.moveTo(x1, y1);
    context.lineTo(x2, y2);
    context.stroke();
  }

  arrow(
    x1: number,
    y1: number,
    x2: number,
    y2: number,
    colour: string,
    width = 1,
    alpha = 1,
  ): void {
    const { context } = this;
    const [ax, ay, bx, by] = arrowCurve(x1, y1, x2, y2);
    context.globalAlpha = alpha;
    this.setStroke(colour);
    this.setFill(colour);
    context.lineWidth = width;
    context.beginPath();
    context.moveTo(x1, y1);
    context.bezierCurveTo(ax, ay, bx, by, x2 - 4, y2);
    context.stroke();
    context.beginPath();
    context.moveTo(x2, y2);
    context.lineTo(x2 - 5, y2 - 3);
    context.lineTo(x2 - 5, y2 + 3);
    context.fill();
  }

  triangle(x: number, y: number, size: number, pointsUp: boolean, colour: string): void {
    const { context } = this;
    const tip = pointsUp ? -size : size;
    context.globalAlpha = 1;
    this.setFill(colour);
    context.beginPath();
    context.moveTo(x, y + tip);
    context.lineTo(x - size, y);
    context.lineTo(x + size, y);
    context.fill();
  }

  text(x: number, y: number, text: string, colour: string, style: TextStyle = {}): void {
    const { context } = this;
    context.globalAlpha = 1;
    this.setFill(colour);
    context.font = this.font(style.size ?? TEXT_SIZE);
    context.textAlign = style.align ?? 'left';
    context.fillText(text, x, y);
  }

  measure(text: string, size = TEXT_SIZE): number {
    const key = `${size} ${text}`;
    let width = this.widths.get(key);
    if (width === undefined) {
      if (this.widths.size > 5_000) this.widths.clear();
      this.context.font = this.font(size);
      width = this.context.measureText(text).width;
      this.widths.set(key, width);
    }
    return width;
  }

  clip(x: number, y: number, width: number, height: number, draw: () => void): void {
    const { context } = this;
    context.save();
    context.beginPath();
    context.rect(x, y, width, height);
    context.clip();
    draw();
    context.restore();
    this.fillNow = '';
    this.strokeNow = '';
  }

  private font(size: number): string {
    return `${size}px ${this.family}`;
  }

  // Setting a style parses the colour each time; most spans follow one of the same colour.
  private setFill(colour: string): void {
    if (this.fillNow === colour) return;
    this.fillNow = colour;
    this.context.fillStyle = colour;
  }

  private setStroke(colour: string): void {
    if (this.strokeNow === colour) return;
    this.strokeNow = colour;
    this.context.strokeStyle = colour;
  }

  private pattern(colour: string): CanvasPattern | string {
    const known = this.patterns.get(colour);
    if (known) return known;
    const size = Math.round(TILE * this.ratio);
    const tile = smallCanvas(size, size);
    const context = contextOf(tile);
    context.scale(size / TILE, size / TILE);
    context.strokeStyle = colour;
    context.lineWidth = 1.6;
    context.beginPath();
    // Three strokes, so that the corners of the tile meet those of its neighbours.
    for (const offset of [-TILE, 0, TILE]) {
      context.moveTo(offset - 1, TILE + 1);
      context.lineTo(offset + TILE + 1, -1);
    }
    context.stroke();
    const pattern = this.context.createPattern(tile, 'repeat');
    if (!pattern) return colour;
    this.patterns.set(colour, pattern);
    this.place(pattern);
    return pattern;
  }

  private place(pattern: CanvasPattern): void {
    const scale = TILE / Math.round(TILE * this.ratio);
    pattern.setTransform(new DOMMatrix([scale, 0, 0, scale, this.shift, 0]));
  }
}
