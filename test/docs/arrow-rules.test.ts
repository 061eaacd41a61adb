import { Dictionary, Float64, Int32, Table, tableToIPC, Utf8, vectorFromArray } from 'apache-arrow';
import { afterEach, beforeEach, expect, test } from 'vitest';
import { fromValues } from '../../protocol/arrow/from-values.ts';
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

test('P22: compressed record batches are refused with a reason', async () => {
  // pyarrow 26: pa.ipc.new_stream(sink, pa.schema({"n": pa.float64()}), options=pa.ipc.IpcWriteOptions(compression="lz4"))
  expect(await codeOf(Buffer.from(COMPRESSED, 'base64'))).toBe('arrow_unsupported');
});

test('P14, P23: dictionary and plain text are one type, text and numbers are not', async () => {
  const coded = vectorFromArray(['x', 'y', 'x'], new Dictionary(new Utf8(), new Int32()));
  gateway.send('t', tableToIPC(new Table({ c: coded }), 'stream'));
  gateway.publish('t', [{ c: 'z' }], { op: 'append' });
  expect(await gateway.rows('t')).toEqual([{ c: 'x' }, { c: 'y' }, { c: 'x' }, { c: 'z' }]);
  gateway.publish('t', [{ c: 1 }], { op: 'append' });
  expect((await gateway.request('tables/t')).json).toMatchObject({ last_error: { code: 'type_mismatch' } });
});

const COMPRESSED =
  '/////3AAAAAQAAAAAAAKAAwABgAFAAgACgAAAAABBAAMAAAACAAIAAAABAAIAAAABAAAAAEAAAAUAAAAEAAUAAgABgAHAAwAAAAQABAAAAAAAAEDEAAAABgAAAAEAAAAAAAAAAEAAABuAAYACAAGAAYAAAAAAAIA/////5gAAAAUAAAAAAAAAAwAGAAGAAUACAAMAAwAAAAAAwQAHAAAADAAAAAAAAAAAAAAAAwAHAAQAAQACAAMAAwAAABIAAAAHAAAABQAAABAAAAAAAAAAAAAAAAEAAQABAAAAAIAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAArAAAAAAAAAAAAAAABAAAAQAAAAAAAAAAAAAAAAAAAAAACAAAAAAAABCJNGGBAghQAAAARAAEAIfg/BwAPCAD/3FAAAAD4PwAAAAAAAAAAAP////8AAAAA';
