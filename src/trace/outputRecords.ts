/** Owns the records of writes to stdout and stderr: who wrote, how many bytes, and their CRC-32; the bytes come through the pipe. */
import { F64Column, I32Column, U8Column } from './columns';

export class OutputRecords {
  /** Trace file it was read from: writes of one file come in order. */
  readonly source = new I32Column();
  readonly lane = new I32Column();
  /** 1 stdout, 2 stderr. */
  readonly stream = new U8Column();
  readonly ns = new F64Column();
  readonly bytes = new F64Column();
  readonly crc = new F64Column();

  get count(): number {
    return this.lane.length;
  }

  add(source: number, lane: number, stream: 1 | 2, ns: number, bytes: number, crc: number): void {
    this.source.push(source);
    this.lane.push(lane);
    this.stream.push(stream);
    this.ns.push(ns);
    this.bytes.push(bytes);
    this.crc.push(crc);
  }
}
