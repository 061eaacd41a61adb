import { Dictionary, Float64, Int32, Table, tableToIPC, Utf8, vectorFromArray } from 'apache-arrow';
import { afterEach, beforeEach, expect, test } from 'vitest';
import { fromValues } from '../../protocol/arrow/from-values.ts';
import { bigEndianSchema, compressedBytes } from '../support/hostile-messages.ts';
import { type InProcessGateway, startInProcess } from './in-process-gateway.ts';

let gateway: InProcessGateway;
beforeEach(async () => {
  gateway = await startInProcess();
});
afterEach(() => gateway.close());

async function codeOf(bytes: Uint8Array): Promise<unknown> {
  gateway.send('t', bytes);
  const { json } = await gateway.request('rejections');
  return (json as { rejections: { code: string }[] }).rejections[0]?.code;
}

const STREAM = fromValues([{ n: 1.5 }, { n: 2.5 }]);

test('P21: bytes that are no Arrow, or end too early, or point outside are told apart', async () => {
  expect(await codeOf(Buffer.alloc(16))).toBe('not_arrow');
  expect(await codeOf(STREAM.subarray(0, STREAM.length - 9))).toBe('arrow_truncated');
  const column = vectorFromArray(['Oslo', 'Rome'], new Utf8());
  const text = tableToIPC(new Table({ column }), 'stream');
  const offsets = Buffer.from(text.buffer, text.byteOffset, text.length).indexOf(
    Buffer.from(Int32Array.of(0, 4, 8).buffer),
  );
  new DataView(text.buffer, text.byteOffset).setInt32(offsets + 8, 4096, true);
  expect(await codeOf(text)).toBe('arrow_invalid');
});

test('P21: a file is taken as well as a stream', async () => {
  const table = new Table({ n: vectorFromArray([1.5, 2.5], new Float64()) });
  gateway.send('stream', tableToIPC(table, 'stream'));
  gateway.send('file', tableToIPC(table, 'file'));
  expect(await gateway.rows('file')).toEqual([{ n: 1.5 }, { n: 2.5 }]);
  expect(await gateway.rows('stream')).toEqual(await gateway.rows('file'));
});

test('P21: a publication is taken wherever its bytes lie in memory', async () => {
  for (const offset of [1, 2, 4, 8]) {
    const frame = Buffer.alloc(offset + STREAM.length);
    frame.set(STREAM, offset);
    gateway.send(`t${offset}`, frame.subarray(offset));
    expect(await gateway.rows(`t${offset}`)).toEqual([{ n: 1.5 }, { n: 2.5 }]);
  }
});

test('P22: record batches may be compressed', async () => {
  for (const [codec, bytes] of Object.entries(COMPRESSED)) {
    gateway.send(codec, Buffer.from(bytes, 'base64'));
    expect(await gateway.rows(codec), codec).toEqual([{ n: 1.5 }, { n: 1.5 }, { n: 2.5 }]);
  }
});

test('P22: big-endian data, and compressions that are not known, are refused with a reason', async () => {
  expect(await codeOf(bigEndianSchema())).toBe('arrow_unsupported');
  expect(await codeOf(compressedBytes({ codec: 2 }))).toBe('arrow_unsupported');
  expect(await codeOf(compressedBytes({ codec: 1 }))).toBe('arrow_invalid');
});

test('P14: of columns of one name the second is a_2', async () => {
  const bytes = Buffer.from(
    tableToIPC(new Table({ a: vectorFromArray([1]), b: vectorFromArray([2]) }), 'stream'),
  );
  // In the schema a name is its length and its bytes, ended by a zero.
  bytes.write('a', bytes.indexOf(Buffer.from([1, 0, 0, 0, 'b'.charCodeAt(0), 0])) + 4);
  gateway.send('t', bytes);
  expect(await gateway.rows('t')).toEqual([{ a: 1, a_2: 2 }]);
});

test('P14, P23: dictionary and plain text are one type, text and numbers are not', async () => {
  const coded = vectorFromArray(['x', 'y', 'x'], new Dictionary(new Utf8(), new Int32()));
  gateway.send('t', tableToIPC(new Table({ c: coded }), 'stream'));
  gateway.publish('t', [{ c: 'z' }], { op: 'append' });
  expect(await gateway.rows('t')).toEqual([{ c: 'x' }, { c: 'y' }, { c: 'x' }, { c: 'z' }]);
  gateway.publish('t', [{ c: 1 }], { op: 'append' });
  expect((await gateway.request('tables/t')).json).toMatchObject({ last_error: { code: 'type_mismatch' } });
});

// pyarrow 26: pa.ipc.new_stream(sink, schema, options=pa.ipc.IpcWriteOptions(compression="lz4"))
const COMPRESSED = {
  lz4: '/////3AAAAAQAAAAAAAKAAwABgAFAAgACgAAAAABBAAMAAAACAAIAAAABAAIAAAABAAAAAEAAAAUAAAAEAAUAAgABgAHAAwAAAAQABAAAAAAAAEDEAAAABgAAAAEAAAAAAAAAAEAAABuAAYACAAGAAYAAAAAAAIA/////5gAAAAUAAAAAAAAAAwAGAAGAAUACAAMAAwAAAAAAwQAHAAAADAAAAAAAAAAAAAAAAwAHAAQAAQACAAMAAwAAABIAAAAHAAAABQAAAADAAAAAAAAAAAAAAAEAAQABAAAAAIAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAsAAAAAAAAAAAAAAABAAAAAwAAAAAAAAAAAAAAAAAAABgAAAAAAAAABCJNGGBAghUAAAARAAEAIfg/BwCwAPg/AAAAAAAABEAAAAAAAAAAAP////8AAAAA',
  zstd: '/////3AAAAAQAAAAAAAKAAwABgAFAAgACgAAAAABBAAMAAAACAAIAAAABAAIAAAABAAAAAEAAAAUAAAAEAAUAAgABgAHAAwAAAAQABAAAAAAAAEDEAAAABgAAAAEAAAAAAAAAAEAAABuAAYACAAGAAYAAAAAAAIA/////6AAAAAUAAAAAAAAAAwAGAAGAAUACAAMAAwAAAAAAwQAHAAAADAAAAAAAAAAAAAAAAwAHgAQAAQACAAMAAwAAABQAAAAJAAAABgAAAADAAAAAAAAAAAAAAAAAAYACAAHAAYAAAAAAAABAgAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAACkAAAAAAAAAAAAAAAEAAAADAAAAAAAAAAAAAAAAAAAAGAAAAAAAAAAotS/9IBjBAAAAAAAAAAD4PwAAAAAAAPg/AAAAAAAABEAAAAAAAAAA/////wAAAAA=',
};
