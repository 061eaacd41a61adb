import type { Socket } from 'node:net';
import { Writable } from 'node:stream';
import { afterEach, beforeEach, describe, expect, test, vi } from 'vitest';
import type { ImageKind } from '../../gateway/live/event-stream-images.ts';
import { EventStreams } from '../../gateway/live/event-streams.ts';
import { NO_TABLES, withTables } from '../../gateway/live/subscription-group.ts';
import { fromValues } from '../../protocol/arrow/from-values.ts';
import { TablecastError } from '../../protocol/errors.ts';
import { ModelGateway } from './model-gateway.ts';

const MAX_STALL_MS = 30_000;

let gateway: ModelGateway;
let streams: EventStreams;
beforeEach(() => {
  vi.useFakeTimers({ toFake: ['setInterval', 'clearInterval'] });
  gateway = new ModelGateway({
    history: { maxAgeMs: 60_000, maxBytes: 1e9 },
    onCommit: (commit) => streams.publish(commit),
  });
  const { store } = gateway;
  streams = new EventStreams({ store, epoch: 'epoch', maxStallMs: MAX_STALL_MS });
});
afterEach(() => {
  streams.close();
  vi.useRealTimers();
});

interface Client {
  readonly text: () => string;
  /** Version and tables of each commit told. */
  readonly commits: () => [number, string[]][];
  readonly events: (name: string) => Record<string, unknown>[];
  /** Takes what is under way, and everything after it. */
  readonly resume: () => void;
  readonly closed: () => boolean;
}

/** A client whose connection takes one message, and the next when it is told to. */
function open(
  options: { tables?: string[]; image?: ImageKind; stalled?: boolean; since?: number } = {},
): Client {
  let text = '';
  let pending: (() => void) | null = null;
  let stalled = options.stalled ?? false;
  const socket = { bytesWritten: 0, writableLength: 0 };
  const connection = new Writable({
    highWaterMark: 1,
    write: (chunk: Buffer, _encoding, done) => {
      text += chunk.toString();
      if (!stalled) return done();
      pending = done;
    },
  });
  const stream = streams.open({
    group: withTables(NO_TABLES, options.tables ?? '*'),
    since: options.since ?? null,
    image: options.image ?? null,
    socket: socket as unknown as Socket,
  });
  stream.body.on('error', () => undefined).pipe(connection);
  const events = (name: string) =>
    [...text.matchAll(/^event: (.+)\n(?:id: .+\n)?data: (.+)\n$/gm)]
      .filter(([, event]) => event === name)
      .map(([, , data]) => JSON.parse(data!) as Record<string, unknown>);
  return {
    text: () => text,
    events,
    commits: () => events('commit').map(({ version, tables }) => [version, tables] as [number, string[]]),
    resume: () => {
      stalled = false;
      pending?.();
    },
    closed: () => stream.body.destroyed,
  };
}

function publish(...tables: string[]): void {
  const arrow = fromValues([{ n: 1 }], {});
  gateway.intake.takeMessages(
    tables.map((table) => ({ source: 'pull', frames: [Buffer.from(table), arrow] })),
  );
}
/** Streams, and drawings that are done at once, get on by turns of the event loop. */
async function turns(count = 20): Promise<void> {
  for (let i = 0; i < count; i++) await new Promise(setImmediate);
}
/** Until the client has been told of so many commits. */
async function told({ commits }: Client, count: number): Promise<void> {
  while (commits().length < count) await turns(1);
}
const beat = (seconds = 1) => vi.advanceTimersByTime(seconds * 1000);

describe('a client that takes nothing', () => {
  test('V22: has one message waiting, and then gets everything else as one', async () => {
    const slow = open({ stalled: true });
    const other = open();
    await turns();
    for (let i = 0; i < 90; i++) {
      publish('a', `b${i}`);
      await told(other, i + 2);
    }
    expect(other.commits()).toHaveLength(91);
    expect(slow.text()).toBe('retry: 1000\n\n');
    slow.resume();
    await turns();
    const all = ['a', ...Array.from({ length: 90 }, (_, i) => `b${i}`)];
    const last = slow.commits().at(-1)!;
    expect([last[0], last[1].toSorted()]).toEqual([90, all.toSorted()]);
    expect(slow.commits().length).toBeLessThanOrEqual(2);
  });

  test('is cut off after half a minute, and not before; others are not', async () => {
    const slow = open({ stalled: true });
    const other = open();
    await turns();
    publish('a');
    await turns();
    beat(MAX_STALL_MS / 1000);
    expect(slow.closed()).toBe(false);
    beat();
    await turns();
    expect([slow.closed(), other.closed(), streams.size]).toEqual([true, false, 1]);
  });
});

test('quiet clients get a comment every ten seconds', async () => {
  const clients = Array.from({ length: 25 }, () => open({ tables: ['a'] }));
  await turns();
  for (let i = 0; i < 3; i++) {
    for (let second = 0; second < 10; second++) {
      beat();
      await turns(2);
    }
    for (const client of clients) expect(client.text().match(/^:$/gm)).toHaveLength(i + 1);
  }
});

test('the same message is made once for all clients that want it', async () => {
  const clients = Array.from({ length: 200 }, () => open({ tables: ['a'] }));
  await turns();
  const before = streams.sentBytes;
  publish('a');
  await turns();
  for (const client of clients)
    expect(client.commits()).toEqual([
      [0, []],
      [1, ['a']],
    ]);
  expect((streams.sentBytes - before) % 200).toBe(0);
});

test('a client that comes while the gateway stops is ended at once', async () => {
  streams.close();
  const late = open();
  await turns();
  expect(late.closed()).toBe(true);
});

describe('pictures', () => {
  /** Each drawing waits until it is let go. */
  function slowKind(id = 'svg') {
    const drawings: { table: string; finish: (version: number) => void; fail: (error: Error) => void }[] = [];
    const kind: ImageKind = {
      id,
      draw: (table) =>
        new Promise((resolve, reject) => {
          const finish = (version: number) =>
            resolve({
              bytes: Buffer.from(`<svg ${version}>`),
              contentType: 'image/svg+xml; charset=utf-8',
              version,
            });
          drawings.push({ table, finish, fail: reject });
        }),
    };
    return { kind, drawings };
  }
  const source = (version: number) =>
    `data:image/svg+xml;base64,${Buffer.from(`<svg ${version}>`).toString('base64')}`;

  test('are drawn once for each table and version, however many clients there are', async () => {
    const { kind, drawings } = slowKind();
    publish('a');
    const clients = Array.from({ length: 100 }, () => open({ tables: ['a'], image: { ...kind } }));
    await turns();
    expect(drawings).toHaveLength(1);
    drawings[0]!.finish(1);
    await turns();
    for (const client of clients)
      expect(client.events('update_image')).toEqual([{ table: 'a', version: 1, src: source(1) }]);
    const late = open({ tables: ['a'], image: kind });
    await turns();
    expect([drawings.length, late.events('update_image').length]).toEqual([1, 1]);
  });

  test('V23: of versions that pass while one is drawn are skipped: the newest wins', async () => {
    const { kind, drawings } = slowKind();
    const client = open({ tables: ['a'], image: kind });
    await turns();
    for (let version = 1; version <= 10; version++) {
      publish('a');
      await told(client, version + 1);
      await turns(3);
    }
    expect(drawings).toHaveLength(1);
    drawings[0]!.finish(1);
    await turns();
    expect(drawings).toHaveLength(2);
    drawings[1]!.finish(10);
    await turns();
    expect(client.events('update_image').map(({ version }) => version)).toEqual([1, 10]);
    expect([client.commits().length, drawings.length]).toEqual([11, 2]);
  });

  test('of one kind are no other kind, and come after the commit that they show', async () => {
    const [svg, png] = [slowKind('svg'), slowKind('png')];
    const clients = [open({ tables: ['a'], image: svg.kind }), open({ tables: ['a'], image: png.kind })];
    publish('a');
    await turns();
    expect([svg.drawings.length, png.drawings.length]).toEqual([1, 1]);
    for (const { drawings } of [svg, png]) drawings[0]!.finish(1);
    await turns();
    for (const client of clients)
      expect(client.text().indexOf('update_image')).toBeGreaterThan(
        client.text().lastIndexOf('event: commit'),
      );
  });

  test('V23: that cannot be drawn are told as a problem, and the next is tried again', async () => {
    const { kind, drawings } = slowKind();
    const client = open({ tables: ['a'], image: kind });
    publish('a');
    await turns();
    drawings[0]!.fail(new TablecastError('bad_parameter', 'The table "a" has no column "z".'));
    await turns();
    expect(client.events('image_error')).toMatchObject([
      { table: 'a', status: 400, code: 'bad_parameter', detail: 'The table "a" has no column "z".' },
    ]);
    publish('a');
    await turns();
    drawings[1]!.finish(2);
    await turns();
    expect(client.events('update_image')).toHaveLength(1);
  });

  test('of many tables are drawn a few at a time, and a client that left holds nobody up', async () => {
    const { kind, drawings } = slowKind();
    const tables = Array.from({ length: 20 }, (_, i) => `t${i}`);
    publish(...tables);
    const clients = tables.map((table) => open({ tables: [table], image: kind }));
    await turns();
    expect(drawings).toHaveLength(4);
    for (let i = 0; i < tables.length; i++) {
      drawings[i]!.finish(1);
      await turns(2);
    }
    for (const client of clients) expect(client.events('update_image')).toHaveLength(1);
  });
});
