import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { type DrawingViewer, openDrawingViewer } from '../support/drawing-viewer.ts';
import { postRows } from '../support/gateway-http.ts';
import { type SpawnedGateway, spawnGateway } from '../support/spawn-gateway.ts';
import { waitFor } from '../support/wait-for.ts';

const SILENT = 50;
const HIDDEN = 30;
const STUCK = 20;
const DRAWING = 900;
const ALL = SILENT + HIDDEN + STUCK + DRAWING;
/** Connections that are made at the same time. */
const BATCH = 50;
/** Where somebody never answers the whole time is waited; far more than 900 answers take. */
const STUCK_TIMEOUT_MS = 10_000;
/** Where everybody answers, nobody waits so long. */
const LONG_TIMEOUT_MS = 60_000;

interface Answer {
  readonly version: number;
  readonly viewers: number;
  readonly rendered: number;
  readonly pending: number;
  readonly hidden: number;
  readonly p50_ms: number | null;
  readonly max_ms: number | null;
}

let gateway: SpawnedGateway;
let silent: DrawingViewer[] = [];
let hidden: DrawingViewer[] = [];
let stuck: DrawingViewer[] = [];
let drawing: DrawingViewer[] = [];

beforeAll(async () => {
  gateway = await spawnGateway();
  await postRows(gateway.url, 't', [{ n: 1 }], '?op=append');
  silent = await open(SILENT, { renders: false });
  hidden = await open(HIDDEN, { renders: true, drawsAtOnce: false });
  stuck = await open(STUCK, { renders: true, drawsAtOnce: false });
  drawing = await open(DRAWING, { renders: true });
  for (const viewer of hidden) viewer.send({ type: 'visibility', visible: false });
  await Promise.all(hidden.map((viewer) => viewer.synced()));
});
afterAll(async () => {
  for (const viewer of [...silent, ...hidden, ...stuck, ...drawing]) viewer.close();
  await gateway?.close();
});

async function open(
  count: number,
  options: Parameters<typeof openDrawingViewer>[1],
): Promise<DrawingViewer[]> {
  const viewers: DrawingViewer[] = [];
  while (viewers.length < count) {
    const batch = Array.from({ length: Math.min(BATCH, count - viewers.length) }, () =>
      openDrawingViewer(gateway.wsUrl, options),
    );
    viewers.push(...(await Promise.all(batch)));
  }
  return viewers;
}

async function update(query = ''): Promise<Answer> {
  const response = await fetch(new URL(`update_data${query}`, gateway.url));
  expect(response.status).toBe(200);
  return (await response.json()) as Answer;
}

const untilRendered = (timeoutMs = LONG_TIMEOUT_MS) => update(`?wait=rendered&timeout_ms=${timeoutMs}`);

/** Viewers that were closed are gone once the gateway says so. */
const left = (viewers: number) =>
  waitFor(async () => (await update()).viewers === viewers, {
    what: `${viewers} viewers`,
    timeoutMs: 20_000,
  });

/** Viewers that draw only when they are told to, for one test. */
async function withSlow(count: number, work: (slow: DrawingViewer[]) => Promise<void>): Promise<void> {
  const slow = await open(count, { renders: true, drawsAtOnce: false });
  try {
    await work(slow);
  } finally {
    for (const viewer of slow) viewer.close();
    await left(ALL - STUCK);
  }
}

test(`of ${ALL} viewers those count as rendered, pending and hidden that are`, async () => {
  await postRows(gateway.url, 't', [{ n: 2 }], '?op=append&commit=hold');
  const startedAt = performance.now();
  const answer = await untilRendered(STUCK_TIMEOUT_MS);
  expect(performance.now() - startedAt).toBeGreaterThanOrEqual(STUCK_TIMEOUT_MS - 5);
  expect(answer).toMatchObject({ viewers: ALL, rendered: DRAWING, pending: STUCK, hidden: HIDDEN, rows: 1 });
  expect(answer.p50_ms).toBeGreaterThanOrEqual(0);
  expect(answer.max_ms).toBeGreaterThanOrEqual(answer.p50_ms!);
});

describe('without those that never draw', () => {
  beforeAll(async () => {
    for (const viewer of stuck) viewer.close();
    await left(ALL - STUCK);
  });

  const everyone = { viewers: ALL - STUCK, rendered: DRAWING, pending: 0, hidden: HIDDEN };

  test('the answer comes as soon as all others have drawn', async () => {
    expect(await untilRendered()).toMatchObject(everyone);
  });

  test('several waits at once are each answered for their own version', async () => {
    const answers = await Promise.all(Array.from({ length: 5 }, () => untilRendered()));
    for (const answer of answers) expect(answer).toMatchObject(everyone);
    expect(new Set(answers.map(({ version }) => version)).size).toBe(answers.length);
  });

  test('a viewer that draws only the last of several versions answers for those before', async () => {
    await withSlow(3, async (slow) => {
      const told = slow.map((viewer) => viewer.next());
      const first = untilRendered();
      await Promise.all(told);
      const others = [untilRendered(), untilRendered()];
      const last = slow[0]!.version + others.length;
      await waitFor(() => slow.every(({ version }) => version === last), { what: `version ${last}` });
      for (const viewer of slow) viewer.draw();
      for (const answer of await Promise.all([first, ...others]))
        expect(answer).toMatchObject({
          viewers: ALL - STUCK + 3,
          rendered: DRAWING + 3,
          pending: 0,
          hidden: HIDDEN,
        });
    });
  });

  const hide = (viewer: DrawingViewer) => viewer.send({ type: 'visibility', visible: false });
  const show = (viewer: DrawingViewer) => viewer.send({ type: 'visibility', visible: true });
  const hideAndShow = (viewer: DrawingViewer) => {
    hide(viewer);
    show(viewer);
  };
  const draw = (viewer: DrawingViewer) => viewer.draw();
  interface Then {
    readonly leave?: boolean;
    readonly rendered?: boolean;
    readonly hidden?: boolean;
  }
  const cases: readonly [they: string, go: (viewer: DrawingViewer) => void, then: Then][] = [
    ['leave', () => {}, { leave: true }],
    ['hide', hide, { hidden: true }],
    ['hide and then leave', hide, { leave: true }],
    ['hide, show themselves again and leave', hideAndShow, { leave: true }],
    [
      'hide, show themselves again and draw',
      (viewer) => {
        hideAndShow(viewer);
        draw(viewer);
      },
      { rendered: true },
    ],
    [
      'draw and then hide',
      (viewer) => {
        draw(viewer);
        hide(viewer);
      },
      { rendered: true },
    ],
    [
      'hide and then draw all the same',
      (viewer) => {
        hide(viewer);
        draw(viewer);
      },
      { rendered: true },
    ],
    ['draw and then leave', draw, { leave: true, rendered: true }],
  ];
  test.each(cases)(
    'viewers that %s while they are waited for',
    async (_, go, { leave, rendered, hidden: hides }) => {
      await withSlow(8, async ([last, ...slow]) => {
        const told = [last!, ...slow].map((viewer) => viewer.next());
        const answer = untilRendered();
        await Promise.all(told);
        for (const viewer of slow) go(viewer);
        await Promise.all(slow.map((viewer) => viewer.synced()));
        if (leave) {
          for (const viewer of slow) viewer.close();
          await left(ALL - STUCK + 1);
        }
        last!.draw();
        expect(await answer).toMatchObject({
          rendered: DRAWING + 1 + (rendered ? slow.length : 0),
          pending: 0,
          hidden: HIDDEN + (hides ? slow.length : 0),
        });
      });
    },
  );
});
