/** Owns the making of elements, so that the page has no markup in strings. */

type Attributes = Readonly<Record<string, string | number | boolean>>;

export function element<K extends keyof HTMLElementTagNameMap>(
  tag: K,
  attributes: Attributes = {},
  ...children: (Node | string)[]
): HTMLElementTagNameMap[K] {
  const made = document.createElement(tag);
  for (const [name, value] of Object.entries(attributes)) {
    if (value !== false) made.setAttribute(name, value === true ? '' : String(value));
  }
  made.append(...children);
  return made;
}

/** The drawing context of a canvas, which every browser that VS Code runs in has. */
export function contextOf(canvas: HTMLCanvasElement): CanvasRenderingContext2D {
  const context = canvas.getContext('2d');
  if (!context) throw new Error('This browser gives no drawing context for a canvas.');
  return context;
}

export function smallCanvas(width: number, height: number): HTMLCanvasElement {
  const canvas = document.createElement('canvas');
  canvas.width = width;
  canvas.height = height;
  return canvas;
}

const SVG = 'http://www.w3.org/2000/svg';

/** A 16 x 16 icon from the path data of its strokes (`s`) and fills (`f`). */
export function icon(name: IconName): SVGSVGElement {
  const made = document.createElementNS(SVG, 'svg');
  made.setAttribute('viewBox', '0 0 16 16');
  made.setAttribute('width', '14');
  made.setAttribute('height', '14');
  made.setAttribute('aria-hidden', 'true');
  made.classList.add('icon');
  for (const [kind, data] of ICONS[name]) {
    const path = document.createElementNS(SVG, 'path');
    path.setAttribute('d', data);
    path.setAttribute('class', kind === 'f' ? 'filled' : 'stroked');
    made.append(path);
  }
  return made;
}

const RING = 'M8 2.5a5.5 5.5 0 1 1 0 11a5.5 5.5 0 1 1 0 -11z';

/** Our own drawings, in the manner of the workbench's icons of these names. */
const ICONS = {
  play: [['f', 'M4.5 2.5l8.5 5.5l-8.5 5.5z']],
  watch: [
    ['s', RING],
    ['s', 'M8 5v3.2l2.2 1.3'],
  ],
  ready: [['s', 'M4.5 2.5l8.5 5.5l-8.5 5.5z']],
  check: [['s', 'M3 8.5l3.3 3.3l6.7 -7.3']],
  error: [
    ['s', RING],
    ['s', 'M5.8 5.8l4.4 4.4M10.2 5.8l-4.4 4.4'],
  ],
  'circle-slash': [
    ['s', RING],
    ['s', 'M4.2 11.8l7.6 -7.6'],
  ],
  circle: [['s', RING]],
  chevronRight: [['s', 'M6 3.5l4.5 4.5l-4.5 4.5']],
  chevronDown: [['s', 'M3.5 6l4.5 4.5l4.5 -4.5']],
} as const satisfies Record<string, readonly (readonly ['s' | 'f', string])[]>;
export type IconName = keyof typeof ICONS;
