import { Message } from 'apache-arrow/fb/message';
import { ByteBuffer } from 'flatbuffers';
import { afterAll, afterEach, beforeAll, describe, expect, test } from 'vitest';
import { Publisher } from 'zeromq';
import { arrowOf, busMessage, type PlainRow } from '../support/arrow-messages.ts';
import { freeAddress } from '../support/free-port.ts';
import { readTable } from '../support/gateway-http.ts';
import { openPush, type PushSocket } from '../support/push-socket.ts';
import { type SpawnedGateway, spawnGateway } from '../support/spawn-gateway.ts';
import { waitFor } from '../support/wait-for.ts';

let gateway: SpawnedGateway;
let sockets: { close(): void }[] = [];
beforeAll(async () => {
  gateway = await spawnGateway();
});
afterEach(() => {
  for (const socket of sockets) socket.close();
  sockets = [];
});
afterAll(() => gateway?.close());

const prices: readonly PlainRow[] = [
  { symbol: 'AAA', price: 1.5 },
  { symbol: 'BBB', price: null },
];

function opened(): PushSocket {
  const push = openPush(gateway.pull);
  sockets.push(push);
  return push;
}

async function rowsOf(table: string, url = gateway.url): Promise<readonly PlainRow[] | undefined> {
  return (await readTable(url, table))?.rows;
}

/** A plain PUB loses what it sends before its peer has subscribed, so it sends until the table is there. */
async function publishUntilShown(socket: Publisher, table: string, frames: (string | Uint8Array)[]) {
  return waitFor(
    async () => {
      await socket.send(frames as (string | Buffer)[]);
      return rowsOf(table);
    },
    { what: `the table ${table}`, intervalMs: 50 },
  );
}

/** Without the marker before each message's length; the metadata are padded so that bodies stay aligned. */
function withOldFraming(stream: Uint8Array): Uint8Array {
  const { buffer, byteOffset, length } = stream;
  const view = new DataView(buffer, byteOffset, length);
  const parts: Uint8Array[] = [];
  let at = 0;
  while (at < length) {
    const metadataBytes = view.getUint32(at + 4, true);
    const metadata = stream.subarray(at + 8, at + 8 + metadataBytes);
    at += 8 + metadataBytes;
    if (metadataBytes === 0) break;
    const bodyBytes = Number(Message.getRootAsMessage(new ByteBuffer(metadata)).bodyLength());
    const size = Buffer.alloc(4);
    size.writeUInt32LE(metadataBytes + 4);
    parts.push(size, metadata, Buffer.alloc(4), stream.subarray(at, at + bodyBytes));
    at += bodyBytes;
  }
  return Buffer.concat([...parts, Buffer.alloc(4)]);
}

describe('two and three frames, by every way in', () => {
  test('a PUB that connects to the bound SUB is shown', async () => {
    const socket = new Publisher({ linger: 0 });
    sockets.push(socket);
    socket.connect(gateway.bind);
    expect(await publishUntilShown(socket, 'sub-bound-2', busMessage('sub-bound-2', prices))).toEqual(prices);
    const keyed = busMessage('sub-bound-3', prices, { key: 'symbol' });
    expect(await publishUntilShown(socket, 'sub-bound-3', keyed)).toEqual(prices);
  });

  test('a PUB that binds is found by the gateway, which connects', async () => {
    const socket = new Publisher({ linger: 0 });
    sockets.push(socket);
    await socket.bind(gateway.connect);
    expect(await publishUntilShown(socket, 'pub-bound-2', busMessage('pub-bound-2', prices))).toEqual(prices);
    const keyed = busMessage('pub-bound-3', prices, { op: 'upsert', key: ['symbol'] });
    expect(await publishUntilShown(socket, 'pub-bound-3', keyed)).toEqual(prices);
  });

  test('a PUSH loses nothing, not even what it sent first', async () => {
    const push = opened();
    const count = 200;
    for (let n = 0; n < count; n++) await push.publish('pushed', [{ n }], { op: 'append' });
    const rows = await waitFor(
      async () => {
        const read = await rowsOf('pushed');
        return read?.length === count && read;
      },
      { what: 'all pushed rows' },
    );
    expect(rows).toEqual(Array.from({ length: count }, (_, n) => ({ n })));
  });

  test('an Arrow file is as good as a stream, and any script as good as another in a name', async () => {
    const table = 'цены_価格.v-2';
    await opened().publish(table, arrowOf(prices, { format: 'file' }));
    expect(await waitFor(() => rowsOf(table), { what: table })).toEqual(prices);
  });

  test('the framing before Arrow 0.15 is taken too', async () => {
    await opened().publish('old-framing', withOldFraming(arrowOf(prices)));
    expect(await waitFor(() => rowsOf('old-framing'), { what: 'the table' })).toEqual(prices);
  });

  test('a gateway takes from several addresses of each kind, and none where it is told so', async () => {
    const addresses = [await freeAddress(), await freeAddress()];
    const other = await spawnGateway({
      connect: 'none',
      bind: 'none',
      pull: addresses[0]!,
      args: ['--pull', addresses[1]!],
    });
    sockets.push({ close: () => void other.close() });
    const pushes = addresses.map((address) => openPush(address));
    sockets.push(...pushes);
    for (const [i, push] of pushes.entries()) await push.publish(`from-${i}`, prices);
    for (const i of pushes.keys())
      expect(await waitFor(() => rowsOf(`from-${i}`, other.url), { what: `from-${i}` })).toEqual(prices);
  });
});
