import { spawnSync } from 'node:child_process';
import { mkdtempSync, readdirSync, readFileSync, rmSync } from 'node:fs';
import { open } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { afterAll, beforeAll, expect, test } from 'vitest';
import { parquetGroups } from '../../producer/files/parquet/parquet-groups.ts';
import { cellJson } from '../../protocol/arrow/cell-text.ts';
import { typeName } from '../../protocol/arrow/data-type.ts';
import { type IpcTable, readIpc } from '../../protocol/arrow/read-ipc.ts';
import { cells } from '../support/expect-same-cells.ts';
import { pythonVenv, pythonVenvTimeoutMs } from '../support/python-venv.ts';

const WRITE = path.join(import.meta.dirname, 'write-parquet.py');
const directory = mkdtempSync(path.join(tmpdir(), 'tablecast-parquet-'));
let isWritten = false;

beforeAll(async () => {
  const python = await pythonVenv();
  if (python === null) return;
  const { status, stderr } = spawnSync(python, [WRITE, directory], { encoding: 'utf8', timeout: 120_000 });
  expect(status, stderr).toBe(0);
  isWritten = true;
}, pythonVenvTimeoutMs);
afterAll(() => rmSync(directory, { recursive: true, force: true }));

async function readParquet(name: string, groupBytes: number): Promise<IpcTable> {
  const file = await open(path.join(directory, name));
  try {
    const { size: sizeBytes } = await file.stat();
    const readAt = async (at: number, byteLength: number) => {
      const { buffer } = await file.read(new Uint8Array(byteLength), 0, byteLength, at);
      return buffer;
    };
    const groups = [];
    for await (const group of parquetGroups({ readAt, sizeBytes, groupBytes })) groups.push(group);
    return {
      fields: groups[0]!.fields,
      batches: groups.flatMap(({ batches }) => batches),
      rowCount: groups.reduce((sum, { rowCount }) => sum + rowCount, 0),
      decodedBytes: 0,
    };
  } finally {
    await file.close();
  }
}

/** Small groups cut pages and row groups, large ones join them. */
test.each([16 * 1024, 8 * 1024 * 1024])(
  'Parquet files of every kind have the columns and cells that Arrow says, in groups of %i bytes',
  async (groupBytes) => {
    if (!isWritten) return;
    const names = readdirSync(directory).filter((name) => name.endsWith('.parquet'));
    expect(names.length).toBeGreaterThan(20);
    for (const name of names) {
      const found = await readParquet(name, groupBytes);
      const expected = readIpc(readFileSync(path.join(directory, name.replace('.parquet', '.arrow'))));
      const columnsOf = ({ fields }: IpcTable) =>
        fields.map((field) => `${field.name}: ${typeName(field.type)}`);
      expect(columnsOf(found), name).toEqual(columnsOf(expected));
      const theirs = cells(expected, cellJson);
      cells(found, cellJson).forEach((column, i) => {
        expect(column, `${name}: ${found.fields[i]!.name}`).toEqual(theirs[i]);
      });
    }
  },
);
