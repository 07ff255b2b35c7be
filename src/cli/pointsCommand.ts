/** Owns `points`: what the source alone says about waiting. */
import path from 'node:path';
import type { PointsCommand } from './arguments';
import { paintFor } from './paint';
import { languageOf, NoSnippetError, readSource } from './snippet';
import type { Host } from './streams';
import { waitPointReader } from './waitPoints';

export async function pointsCommand(command: PointsCommand, host: Host): Promise<number> {
  const { path: file, text } = readSource(command.file, host.cwd);
  if (languageOf(file) === null) {
    throw new NoSnippetError(
      `${path.basename(file)} is neither Python, JavaScript, TypeScript nor Markdown by its name.`,
    );
  }
  const read = await waitPointReader(host.distFolder);
  const points = read(file, text);
  if (command.isJson) {
    const json = points.map(point => {
      const { line, column, endLine, endColumn, kind, target, label, certain } = point;
      return { line, column, endLine, endColumn, kind, target, label, certain };
    });
    host.stdout.write(`${JSON.stringify(json)}\n`);
    return 0;
  }
  const paint = paintFor(host.stdout, host.env);
  const lines = text.split(/\r\n|\n|\r/);
  const digits = String(lines.length).length;
  for (const point of points) {
    const place = `${String(point.line).padStart(digits)}:${String(point.column).padEnd(3)}`;
    const doubt = point.certain ? '' : paint.dim(' (perhaps)');
    const source = paint.dim((lines[point.line - 1] ?? '').trim());
    host.stdout.write(`${place} ${point.kind.padEnd(9)} ${point.label}${doubt}  ${source}\n`);
  }
  if (points.length === 0) host.stdout.write('No place in this source is known to wait.\n');
  return 0;
}
