/** Owns the places in the source that records name, of all files of a run together. */
import type { Site } from './model';
import type { StringTable } from './stringTable';

export class SiteTable {
  private readonly rows: (Site | null)[] = [];
  private readonly lines = new Map<string, Map<number, number[]>>();
  private readonly mapFile: (file: string) => string;

  /** `mapFile` turns the file that ran into the document the person sees. */
  constructor(mapFile: (file: string) => string) {
    this.mapFile = mapFile;
  }

  /** A row for a site that is named but not described yet. */
  reserve(): number {
    return this.rows.push(null) - 1;
  }

  get(row: number): Site | null {
    return row < 0 ? null : (this.rows[row] ?? null);
  }

  linesOf(file: string): readonly number[] {
    return [...(this.lines.get(file)?.keys() ?? [])].toSorted((one, other) => one - other);
  }

  /** Rows that describe a place on that line. */
  atLine(file: string, line: number): readonly number[] {
    return this.lines.get(file)?.get(line) ?? [];
  }

  /** The strings may come later: the site is known from then on. */
  define(
    row: number,
    strings: StringTable,
    fileText: number,
    funcText: number,
    line: number,
    column: number,
    endColumn: number,
  ): void {
    strings.whenKnown(fileText, rawFile => {
      if (this.rows[row]) return;
      const file = this.mapFile(rawFile);
      const site: Site = {
        file,
        line,
        column: column || null,
        endColumn: endColumn || null,
        func: strings.get(funcText),
      };
      this.rows[row] = site;
      let byLine = this.lines.get(file);
      if (!byLine) this.lines.set(file, (byLine = new Map()));
      const rows = byLine.get(line);
      if (rows) rows.push(row);
      else byLine.set(line, [row]);
      if (site.func === null && funcText !== 0) {
        strings.whenKnown(funcText, func => {
          this.rows[row] = { ...site, func };
        });
      }
    });
  }
}
