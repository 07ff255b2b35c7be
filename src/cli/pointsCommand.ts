/** Owns `points`: what the source alone says about waiting. */
import type { PointsCommand } from './arguments';
import { analyze } from './documentAnalysis';
import { paintFor } from './paint';
import { readSource } from './snippet';
import { writeWhole } from './streams';
import type { Host } from './streams';

export async function pointsCommand(command: PointsCommand, host: Host): Promise<number> {
  const { path: file, text } = readSource(command.file, host.cwd);
  const { waitPoints } = await analyze(file, text, host.distFolder);
  if (command.isJson) {
    const json = waitPoints.map(point => {
      const { line, column, endLine, endColumn, kind, target, label, certain, registers } = point;
      return { line, column, endLine, endColumn, kind, target, label, certain, registers };
    });
    await writeWhole(host.stdout, `${JSON.stringify(json)}\n`);
    return 0;
  }
  const paint = paintFor(host.stdout, host.env);
  const lines = text.split(/\r\n|\n|\r/);
  const digits = String(lines.length).length;
  const rows = waitPoints.map(point => {
    const place = `${String(point.line).padStart(digits)}:${String(point.column).padEnd(3)}`;
    const doubt = point.certain ? '' : paint.dim(' (perhaps)');
    const source = paint.dim((lines[point.line - 1] ?? '').trim());
    return `${place} ${point.kind.padEnd(9)} ${point.label}${doubt}  ${source}\n`;
  });
  if (rows.length === 0) rows.push('No place in this source is known to wait.\n');
  await writeWhole(host.stdout, rows.join(''));
  return 0;
}
