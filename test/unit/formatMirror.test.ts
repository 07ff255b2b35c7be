/** Holds the Python mirror of the record table to the table itself: same codes, same layout. */
import assert from 'node:assert/strict';
import { spawnSync } from 'node:child_process';
import path from 'node:path';
import * as format from '../../src/trace/format';

const DUMP = `
import json, sys
sys.path.insert(0, sys.argv[1])
from clens_tracer import records
table = {name: value for name, value in vars(records).items() if name.isupper() and isinstance(value, (int, str, dict))}
buffer = bytearray(records.RECORD_BYTES)
records.pack_record(buffer, 0, 1, 2, 3, 4, 0x11, 0x21, 0x31, 0x41, 0x51, 0x61, 0x71, 0x81, 0x91, 0xA1, 0xB1)
print(json.dumps({"table": table, "record": list(buffer)}))
`;

interface Dump {
  readonly table: Readonly<Record<string, unknown>>;
  readonly record: readonly number[];
}

describe('the Python mirror of the record table', () => {
  let dump: Dump;

  before(() => {
    const tracer = path.resolve('src/runtimes/python/tracer');
    const { status, stdout, stderr } = spawnSync('python3', ['-c', DUMP, tracer], {
      encoding: 'utf8',
    });
    assert.equal(status, 0, `python3 could not read the mirror: ${stderr}`);
    dump = JSON.parse(stdout) as Dump;
  });

  it('has the same record kinds', () => {
    for (const [name, code] of Object.entries(format.RECORD_KINDS)) {
      assert.equal(dump.table[upperName(name)], code, name);
    }
  });

  it('has the same words with the same codes', () => {
    const words: Record<string, readonly string[]> = {
      LANE_KIND: format.LANE_KINDS,
      LANE_ENDS: format.LANE_ENDS,
      WAIT_KIND: format.WAIT_KINDS,
      OUTCOME: format.OUTCOMES,
      HANDOFF_KIND: format.HANDOFF_KINDS,
      OBJECT_KIND: format.OBJECT_KINDS,
      NOTE_LEVEL: format.NOTE_LEVELS,
    };
    for (const [name, list] of Object.entries(words)) {
      const expected = Object.fromEntries(list.map((word, index) => [word, index + 1]));
      assert.deepEqual(dump.table[name], expected, name);
    }
    assert.deepEqual(dump.table['LANE_FLAG'], format.LANE_FLAG);
    assert.deepEqual(dump.table['TARGET'], format.TARGET);
    assert.equal(dump.table['LANGUAGE_PYTHON'], format.LANGUAGES.indexOf('python') + 1);
  });

  it('has the same version, size and file names', () => {
    assert.equal(dump.table['FORMAT_VERSION'], format.FORMAT_VERSION);
    assert.equal(dump.table['RECORD_BYTES'], format.RECORD_BYTES);
    assert.equal(dump.table['FILE_SUFFIX'], format.TRACE_FILE_SUFFIX);
  });

  it('puts each field where the reader looks for it', () => {
    const order = 'kind a b c t t2 site ref id causeLane causeT causeSite text x'.split(' ');
    const fields = [
      'kind',
      'a',
      'b',
      'c',
      'lane',
      ...order.slice(4),
    ] as (keyof typeof format.FIELD)[];
    const values = [1, 2, 3, 4, 0x11, 0x21, 0x31, 0x41, 0x51, 0x61, 0x71, 0x81, 0x91, 0xa1, 0xb1];
    fields.forEach((field, index) => {
      assert.equal(dump.record[format.FIELD[field]], values[index], field);
    });
    assert.equal(dump.record.length, format.RECORD_BYTES);
  });
});

function upperName(name: string): string {
  return name.replace(/[A-Z]/g, letter => `_${letter}`).toUpperCase();
}
