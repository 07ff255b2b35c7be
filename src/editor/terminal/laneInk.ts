/** Owns how output reads in the terminal: a colour and a name for each lane, line by line. Pure. */
import type { OutputPiece, RunModel } from '../../trace/model';
import { columnsOf } from './textWidth';

export type LanePrefix = 'name' | 'colour' | 'off';

const RESET = '\x1b[0m';
const DIM = '\x1b[2m';
const RED = '\x1b[31m';
/** Terminal colours follow the theme; red is for stderr and the default for the main lane. */
const INKS = [
  '\x1b[36m',
  '\x1b[32m',
  '\x1b[35m',
  '\x1b[33m',
  '\x1b[34m',
  '\x1b[96m',
  '\x1b[92m',
  '\x1b[95m',
];
const WIDEST_NAME = 20;

export class LaneInk {
  private readonly model: RunModel;
  private readonly prefix: LanePrefix;
  private nameColumns = 0;
  private measured = 0;
  private isLineStart = true;

  constructor(model: RunModel, prefix: LanePrefix) {
    this.model = model;
    this.prefix = prefix;
  }

  /** The piece as the terminal should get it. */
  paint(piece: OutputPiece): string {
    const ink = this.inkOf(piece);
    let painted = '';
    for (const line of piece.text.split(/(?<=\n)/u)) {
      const hasEnd = line.endsWith('\n');
      const body = hasEnd ? line.slice(0, line.endsWith('\r\n') ? -2 : -1) : line;
      if (this.isLineStart) painted += this.prefixOf(piece.lane);
      painted += body && ink ? ink + body + RESET : body;
      if (hasEnd) painted += '\r\n';
      this.isLineStart = hasEnd;
    }
    return painted;
  }

  /** A line of our own between the snippet's: starts on a fresh line. */
  notice(text: string): string {
    const start = this.isLineStart ? '' : '\r\n';
    this.isLineStart = true;
    return `${start}${DIM}${text}${RESET}\r\n`;
  }

  /** The snippet's own line goes on after what the person typed. */
  typed(text: string): void {
    this.isLineStart = text.endsWith('\n');
  }

  private prefixOf(lane: number | null): string {
    if (this.prefix !== 'name' || this.model.lanes.length < 2) return '';
    const name = lane === null ? '' : shorten(this.model.lanes[lane]?.name ?? '');
    this.measure();
    const padded = name + ' '.repeat(Math.max(0, this.nameColumns - columnsOf(name)));
    return `${inkOfLane(lane) || DIM}${padded} │${RESET} `;
  }

  /** Room for every lane known by now, so that lines stand below each other from the start. */
  private measure(): void {
    const { lanes } = this.model;
    for (; this.measured < lanes.length; this.measured++) {
      const lane = lanes[this.measured];
      if (!lane || lane.helper) continue;
      this.nameColumns = Math.max(this.nameColumns, columnsOf(shorten(lane.name)));
    }
  }

  private inkOf(piece: OutputPiece): string {
    if (this.prefix === 'off') return '';
    return piece.stream === 'stderr' ? RED : inkOfLane(piece.lane);
  }
}

function inkOfLane(lane: number | null): string {
  return lane === null || lane === 0 ? '' : (INKS[(lane - 1) % INKS.length] ?? '');
}

function shorten(name: string): string {
  return name.length > WIDEST_NAME ? `${name.slice(0, WIDEST_NAME - 1)}…` : name;
}
