/** Owns the same picture as text: every call of the painter becomes an element of an SVG document. */
import { arrowCurve, TEXT_SIZE, type Surface, type TextStyle } from './surface';

const round = (value: number): string => String(Math.round(value * 100) / 100);

const ESCAPES: Record<string, string> = { '&': '&amp;', '<': '&lt;', '>': '&gt;', '"': '&quot;' };

// Control characters are not allowed in XML at all; a program may well have put some into a name.
// oxlint-disable-next-line no-control-regex
const FORBIDDEN = /[\u0000-\u0008\u000b\u000c\u000e-\u001f\ufffe\uffff]/g;

export const escapeXml = (text: string): string =>
  text.replaceAll(FORBIDDEN, '').replaceAll(/[&<>"]/g, sign => ESCAPES[sign] ?? sign);

export class SvgSurface implements Surface {
  private readonly body: string[] = [];
  private readonly patterns = new Map<string, string>();
  private clips = 0;
  private readonly width: number;
  private readonly height: number;
  private readonly family: string;
  private readonly measureText: (text: string, size: number) => number;

  constructor(
    width: number,
    height: number,
    family: string,
    measureText: (text: string, size: number) => number,
  ) {
    this.width = width;
    this.height = height;
    this.family = family;
    this.measureText = measureText;
  }

  fill(x: number, y: number, width: number, height: number, colour: string, alpha = 1): void {
    this.rect(x, y, width, height, `fill="${escapeXml(colour)}"${opacity(alpha)}`);
  }

  bar(x: number, y: number, width: number, height: number, colour: string, alpha = 1): void {
    this.rect(x, y, width, height, `rx="2" fill="${escapeXml(colour)}"${opacity(alpha)}`);
  }

  outline(x: number, y: number, width: number, height: number, colour: string, alpha = 1): void {
    const style = `rx="2" fill="none" stroke="${escapeXml(colour)}"${opacity(alpha)}`;
    this.rect(x + 0.5, y + 0.5, Math.max(0.5, width - 1), height - 1, style);
  }

  hatch(x: number, y: number, width: number, height: number, colour: string, alpha = 1): void {
    let id = this.patterns.get(colour);
    if (id === undefined) {
      id = `hatch${this.patterns.size}`;
      this.patterns.set(colour, id);
    }
    this.rect(x, y, width, height, `fill="url(#${id})"${opacity(alpha)}`);
  }

  line(x1: number, y1: number, x2: number, y2: number, colour: string, width = 1, alpha = 1): void {
    this.body.push(
      `<path d="M${round(x1)} ${round(y1)}L${round(x2)} ${round(y2)}" stroke="${escapeXml(colour)}" stroke-width="${width}"${opacity(alpha)}/>`,
    );
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
    const curve = arrowCurve(x1, y1, x2, y2).map(round).join(' ');
    const paint = escapeXml(colour);
    this.body.push(
      `<path d="M${round(x1)} ${round(y1)}C${curve} ${round(x2 - 4)} ${round(y2)}" fill="none" stroke="${paint}" stroke-width="${width}"${opacity(alpha)}/>`,
      `<path d="M${round(x2)} ${round(y2)}l-5 -3v6z" fill="${paint}"${opacity(alpha)}/>`,
    );
  }

  triangle(x: number, y: number, size: number, pointsUp: boolean, colour: string): void {
    const tip = pointsUp ? -size : size;
    this.body.push(
      `<path d="M${round(x)} ${round(y + tip)}L${round(x - size)} ${round(y)}h${2 * size}z" fill="${escapeXml(colour)}"/>`,
    );
  }

  text(x: number, y: number, text: string, colour: string, style: TextStyle = {}): void {
    const anchor = { left: 'start', center: 'middle', right: 'end' }[style.align ?? 'left'];
    this.body.push(
      `<text x="${round(x)}" y="${round(y)}" dy="0.35em" font-size="${style.size ?? TEXT_SIZE}" text-anchor="${anchor}" fill="${escapeXml(colour)}">${escapeXml(text)}</text>`,
    );
  }

  measure(text: string, size = TEXT_SIZE): number {
    return this.measureText(text, size);
  }

  clip(x: number, y: number, width: number, height: number, draw: () => void): void {
    const id = `clip${this.clips++}`;
    this.body.push(`<clipPath id="${id}">`);
    this.rect(x, y, width, height, '');
    this.body.push(`</clipPath><g clip-path="url(#${id})">`);
    draw();
    this.body.push('</g>');
  }

  toString(): string {
    const patterns = [...this.patterns].map(
      ([colour, id]) =>
        `<pattern id="${id}" width="7" height="7" patternUnits="userSpaceOnUse"><path d="M-1 8L8 -1M-8 8L1 -1M6 8L15 -1" stroke="${escapeXml(colour)}" stroke-width="1.6"/></pattern>`,
    );
    return [
      `<svg xmlns="http://www.w3.org/2000/svg" width="${this.width}" height="${this.height}" viewBox="0 0 ${this.width} ${this.height}" font-family="${escapeXml(this.family)}">`,
      `<defs>${patterns.join('')}</defs>`,
      ...this.body,
      '</svg>',
    ].join('\n');
  }

  private rect(x: number, y: number, width: number, height: number, style: string): void {
    this.body.push(
      `<rect x="${round(x)}" y="${round(y)}" width="${round(Math.max(0, width))}" height="${round(height)}" ${style}/>`,
    );
  }
}

const opacity = (alpha: number): string => (alpha === 1 ? '' : ` opacity="${alpha}"`);
