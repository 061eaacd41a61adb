import { setTimeout as delay } from 'node:timers/promises';
import { fromValues } from '../../protocol/arrow/from-values.ts';
import { type DrawingViewer, openDrawingViewer } from '../support/drawing-viewer.ts';
import { type EventSourceClient, openEvents } from '../support/event-source.ts';
import { openPush } from '../support/push-socket.ts';
import type { SpawnedGateway } from '../support/spawn-gateway.ts';

const ROWS_PER_SECOND = 10_000;
const TICK_MS = 100;
const ROWS_PER_MESSAGE = 500;
const POOL = 40;
const KEYS = 10_000;
const RETAINED_ROWS = 100_000;
const MAX_VIEWERS = 20;
const MAX_EVENT_CLIENTS = 4;

/** What a gateway that is used all day has to do; it goes on until it is closed. */
export interface SoakLoad {
  readonly rowsSent: () => number;
  readonly viewers: () => number;
  readonly faults: readonly string[];
  close(): Promise<void>;
}

export function startSoakLoad(gateway: SpawnedGateway): SoakLoad {
  const faults: string[] = [];
  const ending = new AbortController();
  const viewers: DrawingViewer[] = [];
  const clients: EventSourceClient[] = [];
  let rowsSent = 0;
  const untilClosed = async (periodMs: number, work: () => Promise<void>): Promise<void> => {
    for (let nextMs = performance.now(); !ending.signal.aborted; ) {
      try {
        await work();
      } catch (error) {
        if (!ending.signal.aborted) faults.push(String(error));
      }
      nextMs += periodMs;
      // Where the machine was too slow it goes on from now.
      nextMs = Math.max(nextMs, performance.now());
      await delay(nextMs - performance.now());
    }
  };
  const push = openPush(gateway.pull);
  const publish = publisher(async (table, arrow, header) => {
    await push.publish(table, arrow, header);
    rowsSent += ROWS_PER_MESSAGE;
  });
  const running = [
    untilClosed(TICK_MS, publish),
    // Viewers come, and those who were there longest go; one in four says nothing when it does.
    untilClosed(400, async () => {
      viewers.push(await openDrawingViewer(gateway.wsUrl, { renders: viewers.length % 2 === 0 }));
      if (viewers.length > MAX_VIEWERS) viewers.shift()?.close();
    }),
    untilClosed(1500, async () => {
      clients.push(await openEvents(gateway.url, clients.length % 2 === 0 ? '?table=keyed&image=svg' : ''));
      if (clients.length > MAX_EVENT_CLIENTS) clients.shift()?.close();
    }),
    untilClosed(1000, async () => {
      const routes = [
        'tables',
        'tables/keyed.json?limit=500',
        'tables/appended.arrow',
        'tables/keyed/chart.svg',
      ];
      for (const route of [...routes, 'update_data']) {
        const response = await fetch(new URL(route, gateway.url));
        await response.arrayBuffer();
        if (response.status >= 500) faults.push(`${route} answers ${response.status}`);
      }
    }),
  ];
  return {
    rowsSent: () => rowsSent,
    viewers: () => viewers.length + clients.length,
    faults,
    close: async () => {
      ending.abort();
      await Promise.all(running);
      for (const one of [...viewers, ...clients]) one.close();
      push.close();
    },
  };
}

type Send = (table: string, arrow: Uint8Array, header: object) => Promise<void>;

/** One tick's share of the rows: half are appended, half written by key. The messages are made once. */
function publisher(send: Send): () => Promise<void> {
  const messages = Array.from({ length: POOL }, (_, message) => ({
    appended: fromValues(columns((row) => message * ROWS_PER_MESSAGE + row)),
    keyed: fromValues(columns((row) => ((message * ROWS_PER_MESSAGE + row) * 7919) % KEYS)),
  }));
  let sent = 0;
  return async () => {
    for (let rows = 0; rows < (ROWS_PER_SECOND * TICK_MS) / 1000; rows += ROWS_PER_MESSAGE) {
      const { appended, keyed } = messages[(sent >> 1) % POOL]!;
      if (sent++ % 2 === 0)
        await send('appended', appended, { op: 'append', retention: { max_rows: RETAINED_ROWS } });
      else await send('keyed', keyed, { op: 'upsert', key: 'k' });
    }
  };
}

function columns(keyOf: (row: number) => number) {
  const numbers = (of: (row: number) => number) =>
    Float64Array.from({ length: ROWS_PER_MESSAGE }, (_, row) => of(row));
  return {
    k: Int32Array.from({ length: ROWS_PER_MESSAGE }, (_, row) => keyOf(row)),
    a: numbers((row) => Math.sin(row)),
    b: numbers((row) => row / 3),
    text: Array.from({ length: ROWS_PER_MESSAGE }, (_, row) => `row ${row}`),
  };
}
