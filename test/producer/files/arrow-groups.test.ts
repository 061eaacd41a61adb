import {
  Dictionary,
  Float64,
  Int32,
  RecordBatchFileWriter,
  RecordBatchStreamWriter,
  Table,
  Utf8,
  vectorFromArray,
} from 'apache-arrow';
import { describe, expect, test } from 'vitest';
import { arrowGroups } from '../../../producer/files/arrow-groups.ts';
import { ChunkReader } from '../../../producer/files/chunk-reader.ts';
import type { RowGroup } from '../../../producer/files/row-group.ts';
import { IpcWriter } from '../../../protocol/arrow/write-ipc.ts';
import { TablecastError } from '../../../protocol/errors.ts';
import { type PlainRow, readArrow } from '../../support/arrow-messages.ts';

const BATCHES = 4;
const ROWS = 3;

/** Several record batches, one column with a dictionary, which each batch of a stream replaces. */
function messageOf(format: 'stream' | 'file'): Uint8Array {
  const words = new Dictionary(new Utf8(), new Int32(), 7);
  const tables = Array.from({ length: BATCHES }, (_, batch) => {
    const numbers = Array.from({ length: ROWS }, (_, row) => batch * ROWS + row);
    return new Table({
      n: vectorFromArray(numbers, new Float64()),
      word: vectorFromArray(
        numbers.map((n) => (n % 2 === 0 ? 'even' : 'odd')),
        words,
      ),
    });
  });
  if (format === 'file') {
    // Files cannot replace dictionaries.
    const all = Array.from({ length: BATCHES * ROWS }, (_, n) => n);
    const n = vectorFromArray(all, new Float64());
    const word = vectorFromArray(
      all.map((i) => (i % 2 === 0 ? 'even' : 'odd')),
      words,
    );
    const table = new Table({ n, word });
    tables.forEach((_, i) => {
      tables[i] = table.slice(i * ROWS, (i + 1) * ROWS);
    });
  }
  const writer = format === 'file' ? new RecordBatchFileWriter() : new RecordBatchStreamWriter();
  for (const table of tables) for (const batch of table.batches) writer.write(batch);
  writer.finish();
  return writer.toUint8Array(true);
}

const expected: PlainRow[] = Array.from({ length: BATCHES * ROWS }, (_, n) => ({
  n,
  word: n % 2 === 0 ? 'even' : 'odd',
}));

async function* cut(bytes: Uint8Array, chunkBytes: number): AsyncGenerator<Uint8Array> {
  for (let at = 0; at < bytes.length; at += chunkBytes) yield bytes.subarray(at, at + chunkBytes);
}

interface Reading {
  readonly chunkBytes?: number;
  readonly groupBytes?: number;
  readonly isFile?: boolean;
}

async function read(bytes: Uint8Array, { chunkBytes = 1e6, groupBytes = 1, isFile = false }: Reading = {}) {
  const groups: RowGroup[] = [];
  const readAt = async (at: number, byteLength: number) => bytes.slice(at, at + byteLength);
  const input = new ChunkReader(cut(bytes, chunkBytes));
  const file = isFile ? { readAt, sizeBytes: bytes.length } : null;
  for await (const group of arrowGroups({ input, file, groupBytes })) groups.push(group);
  return groups;
}

const rowsOf = (groups: readonly RowGroup[]): PlainRow[] =>
  groups.flatMap(({ fields, batches }) => [...readArrow(new IpcWriter(fields).stream(batches)).rows]);

describe('Arrow is read a few record batches at a time', () => {
  test.each<[string, 'stream' | 'file', Reading, number]>([
    ['a stream', 'stream', {}, BATCHES],
    ['a stream in single bytes', 'stream', { chunkBytes: 1 }, BATCHES],
    ['a file by its footer', 'file', { isFile: true }, BATCHES],
    ['a file by its footer, all at once', 'file', { isFile: true, groupBytes: 1e6 }, 1],
    ['a file that comes as a stream', 'file', { chunkBytes: 5 }, 1],
  ])('%s', async (_, format, reading, groupCount) => {
    const groups = (await read(messageOf(format), reading)).filter(({ rowCount }) => rowCount > 0);
    expect(groups).toHaveLength(groupCount);
    expect(rowsOf(groups)).toEqual(expected);
  });

  test.each(['stream', 'file'] as const)('a %s that is cut off anywhere is refused', async (format) => {
    const bytes = messageOf(format);
    for (let length = 0; length < bytes.length; length += 7) {
      const failure = await read(bytes.subarray(0, length), { isFile: format === 'file' }).catch(
        (error) => error,
      );
      expect(failure, `of ${length} bytes`).toBeInstanceOf(TablecastError);
    }
  });

  test.each(['stream', 'file'] as const)(
    'a %s with a wrong byte anywhere is read or refused',
    async (format) => {
      const bytes = messageOf(format);
      for (let at = 0; at < bytes.length; at++) {
        const changed = bytes.slice();
        changed[at]! ^= 0x81;
        const outcome = await read(changed, { isFile: format === 'file', groupBytes: 1e6 }).catch(
          (error) => error,
        );
        expect(Array.isArray(outcome) || outcome instanceof TablecastError, `byte ${at}: ${outcome}`).toBe(
          true,
        );
      }
    },
  );
});
