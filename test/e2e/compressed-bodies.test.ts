import { afterAll, beforeAll, expect, test } from 'vitest';
import { contentOf, FRAMES } from '../protocol/compression/frames.ts';
import { compressedBytes } from '../support/hostile-messages.ts';
import { openPush, type PushSocket } from '../support/push-socket.ts';
import { type SpawnedGateway, spawnGateway } from '../support/spawn-gateway.ts';
import { waitFor } from '../support/wait-for.ts';

const MAX_MESSAGE_BYTES = 400_000;
let gateway: SpawnedGateway;
let push: PushSocket;

beforeAll(async () => {
  gateway = await spawnGateway({ args: ['--max-message-bytes', `${MAX_MESSAGE_BYTES}`] });
  push = openPush(gateway.pull);
});
afterAll(async () => {
  push?.close();
  await gateway?.close();
});

interface Answer {
  readonly status: number;
  readonly code?: string;
}

async function post(table: string, body: Uint8Array): Promise<Answer> {
  const answer = await fetch(new URL(`tables/${table}`, gateway.url), {
    method: 'POST',
    headers: { 'content-type': 'application/vnd.apache.arrow.stream' },
    body: Uint8Array.from(body),
  });
  return { status: answer.status, ...((await answer.json()) as object) };
}

async function textOf(table: string): Promise<string> {
  const answer = await fetch(new URL(`tables/${table}.json`, gateway.url));
  return ((await answer.json()) as { x: string }[])[0]!.x;
}

/** One text of zeros, which takes a few bytes when it is compressed; `padding` makes the message larger than what is decoded at once. */
function zeros(byteLength: number, padding = 0): Uint8Array {
  const [frame] = FRAMES.filter(({ codec, content }) => codec === 'zstd' && content === 'zeros');
  expect(byteLength % frame!.byteLength).toBe(0);
  const frames = Array.from({ length: byteLength / frame!.byteLength }, () =>
    Buffer.from(frame!.frame, 'base64'),
  );
  const skipped = Buffer.alloc(padding);
  if (padding > 0) skipped.writeUInt32LE(0x184d2a50);
  if (padding > 0) skipped.writeUInt32LE(padding - 8, 4);
  return compressedBytes({
    codec: 1,
    declaredBytes: BigInt(byteLength),
    frame: Buffer.concat([...frames, skipped]),
  });
}

test('compressed bodies are taken, small ones and large ones, by HTTP and by bus', async () => {
  expect(await post('small', zeros(300_000))).toMatchObject({ status: 200, rows: 1 });
  expect(await post('large', zeros(300_000, 80_000))).toMatchObject({ status: 200, rows: 1 });
  await push.publish('bus', zeros(300_000, 80_000));
  const expected = contentOf({ name: '', codec: 'zstd', content: 'zeros', byteLength: 300_000, frame: '' });
  for (const table of ['small', 'large', 'bus']) {
    const text = await waitFor(() => textOf(table), { what: `the text of ${table}`, timeoutMs: 20_000 });
    expect(Buffer.compare(Buffer.from(text), expected), table).toBe(0);
  }
});

test('what is decoded counts for the limit of a publication', async () => {
  for (const padding of [0, 80_000]) {
    expect(await post('more', zeros(600_000, padding))).toMatchObject({ status: 413, code: 'too_large' });
  }
  await push.publish('more', zeros(600_000));
  const rejected = async (): Promise<boolean> => {
    const answer = await fetch(new URL('rejections', gateway.url));
    const { rejections } = (await answer.json()) as { rejections: { source: string; code: string }[] };
    return rejections.some(({ source, code }) => source === 'pull' && code === 'too_large');
  };
  expect(await waitFor(rejected, { what: 'the rejection', timeoutMs: 20_000 })).toBe(true);
  expect((await fetch(new URL('tables/more', gateway.url))).status).toBe(404);
});

test('a damaged body is refused with a reason, however large it is', async () => {
  for (const padding of [0, 80_000]) {
    const damaged = compressedBytes({ codec: 1, frame: Buffer.alloc(100 + padding, 7) });
    expect(await post('damaged', damaged)).toMatchObject({ status: 400, code: 'arrow_invalid' });
  }
});
