/** Owns the mapping between nanoseconds and pixels, and the ticks of the ruler. Immutable: zoom and pan give a new scale. */
import { ticks } from 'd3-array';

/** Below this, one pixel of a wide screen would be finer than a clock tick. */
const MIN_SPAN_NS = 1_000;
const MAX_SPAN_NS = 1e17;

export class TimeScale {
  readonly fromNs: number;
  readonly toNs: number;
  /** Width of the drawing in CSS pixels. */
  readonly width: number;

  constructor(fromNs: number, toNs: number, width: number) {
    this.fromNs = fromNs;
    this.toNs = toNs;
    this.width = width;
  }

  get spanNs(): number {
    return this.toNs - this.fromNs;
  }

  get nsPerPx(): number {
    return this.spanNs / Math.max(1, this.width);
  }

  toPx(ns: number): number {
    return ((ns - this.fromNs) / this.spanNs) * this.width;
  }

  toNsAt(px: number): number {
    return this.fromNs + (px / Math.max(1, this.width)) * this.spanNs;
  }

  withWidth(width: number): TimeScale {
    return new TimeScale(this.fromNs, this.toNs, width);
  }

  /** `factor` above 1 zooms in; the moment under `px` stays where it is. */
  zoomAt(px: number, factor: number): TimeScale {
    const span = Math.min(MAX_SPAN_NS, Math.max(MIN_SPAN_NS, this.spanNs / factor));
    const share = px / Math.max(1, this.width);
    const at = this.toNsAt(px);
    return new TimeScale(at - share * span, at + (1 - share) * span, this.width);
  }

  panBy(px: number): TimeScale {
    return this.moveBy(px * this.nsPerPx);
  }

  moveBy(ns: number): TimeScale {
    return new TimeScale(this.fromNs + ns, this.toNs + ns, this.width);
  }

  /** Keeps at least a fifth of the view over the run, so that nobody gets lost beside it. */
  clampTo(endNs: number): TimeScale {
    const margin = this.spanNs * 0.8;
    const lowest = -margin;
    const highest = Math.max(0, endNs) + margin;
    if (this.fromNs < lowest) return this.moveBy(lowest - this.fromNs);
    if (this.toNs > highest) return this.moveBy(highest - this.toNs);
    return this;
  }

  /** The same zoom. What is in view stays where it is; what is not comes to the middle, or its start does when it is too long. */
  showing(ns: number, toNs: number = ns): TimeScale {
    const fits = toNs - ns <= this.spanNs;
    if (ns >= this.fromNs && (fits ? toNs : ns) <= this.toNs) return this;
    if (!fits) return this.moveBy(ns - this.spanNs * 0.1 - this.fromNs);
    return this.moveBy((ns + toNs) / 2 - (this.fromNs + this.toNs) / 2);
  }

  static fit(endNs: number, width: number): TimeScale {
    const span = Math.max(MIN_SPAN_NS, endNs);
    return new TimeScale(-span * 0.01, span * 1.03, width);
  }
}

export interface RulerTick {
  readonly ns: number;
  readonly isMajor: boolean;
  readonly text: string;
}

/** Round moments about every `everyPx` pixels, with four unlabelled steps between them. */
export function rulerTicks(scale: TimeScale, everyPx = 110): RulerTick[] {
  const count = Math.max(2, Math.floor(scale.width / everyPx));
  const major = ticks(scale.fromNs, scale.toNs, count).filter(ns => ns >= 0);
  const [first, second] = ticks(scale.fromNs, scale.toNs, count);
  const step = first === undefined || second === undefined ? 0 : second - first;
  const minor = step
    ? ticks(scale.fromNs, scale.toNs, count * 5).filter(ns => ns >= 0 && !isOn(ns, step))
    : [];
  return [
    ...major.map(ns => ({ ns, isMajor: true, text: formatMoment(ns, step) })),
    ...minor.map(ns => ({ ns, isMajor: false, text: '' })),
  ];
}

const isOn = (ns: number, step: number): boolean =>
  Math.abs(ns / step - Math.round(ns / step)) < 1e-6;

/** A moment on the ruler: as many digits as the step between two of them needs. */
export function formatMoment(ns: number, stepNs: number): string {
  if (ns === 0) return '0 s';
  const { unit, size } = unitFor(ns, stepNs);
  const digits = stepNs > 0 ? Math.max(0, Math.ceil(-Math.log10(stepNs / size) - 1e-9)) : 2;
  return `${(ns / size).toFixed(Math.min(9, digits))} ${unit}`;
}

function unitFor(ns: number, stepNs: number): { readonly unit: string; readonly size: number } {
  if (stepNs >= 1e7 || ns >= 1e9) return { unit: 's', size: 1e9 };
  return stepNs >= 1e4 ? { unit: 'ms', size: 1e6 } : { unit: 'µs', size: 1e3 };
}
