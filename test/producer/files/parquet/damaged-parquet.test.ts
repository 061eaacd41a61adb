import fc from 'fast-check';
import { expect, test } from 'vitest';
import { parquetGroups } from '../../../../producer/files/parquet/parquet-groups.ts';
import { TablecastError } from '../../../../protocol/errors.ts';
import { OTHER_FORMATS } from '../other-formats.ts';

const FILES = [OTHER_FORMATS.parquet, OTHER_FORMATS.zstdParquet].map((text) => Buffer.from(text, 'base64'));

/** How many rows are read; the code with which reading ends instead. */
async function outcome(file: Uint8Array): Promise<number | string> {
  const readAt = async (at: number, byteLength: number) => {
    if (!(byteLength >= 0 && byteLength < 1e9)) throw new RangeError('Nobody has so much memory.');
    return Uint8Array.from(file.subarray(at, at + byteLength));
  };
  let rows = 0;
  try {
    for await (const group of parquetGroups({ readAt, sizeBytes: file.length, groupBytes: 1024 }))
      rows += group.rowCount;
  } catch (thrown) {
    if (thrown instanceof TablecastError) return thrown.code;
    throw thrown;
  }
  return rows;
}

test('a Parquet file that is whole is read', async () => {
  for (const file of FILES) expect(await outcome(file)).toBe(2);
});

test('one that is cut off is refused, wherever it is', async () => {
  for (const file of FILES) {
    for (let end = 0; end < file.length; end += 7)
      expect(await outcome(file.subarray(0, end))).toBe('bad_body');
  }
});

test('a damaged one is read or refused with a code', async () => {
  const change = fc.record({
    which: fc.nat(FILES.length - 1),
    flips: fc.array(fc.record({ at: fc.nat(1000), value: fc.nat(255) }), { minLength: 1, maxLength: 4 }),
  });
  await fc.assert(
    fc.asyncProperty(change, async ({ which, flips }) => {
      const file = Uint8Array.from(FILES[which]!);
      for (const { at, value } of flips) file[at % file.length] = value;
      const found = await outcome(file);
      if (typeof found === 'string')
        expect(['bad_body', 'unsupported_media_type', 'too_large']).toContain(found);
    }),
    { numRuns: 1500 },
  );
});
