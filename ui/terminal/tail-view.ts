import { type Key, Screen } from './screen.ts';
import { stylesFor } from './styles.ts';
import { TableScreen } from './table-screen.ts';
import type { TailOptions } from './tail-stream.ts';

/** Screens are drawn at most this often, however fast commits come. */
const MIN_FRAME_MS = 50;
/** What only time changes, such as the marks of changes, is seen to this often. */
const TICK_MS = 500;
const KEYS = 'q quits  ↑ ↓ PgUp PgDn Home End: rows  ← →: columns';

/** The table live on the terminal's screen, until somebody quits. */
export async function showTable({ client, name, surroundings }: TailOptions): Promise<void> {
  const nowMs = (): number => performance.now();
  const view = new TableScreen({ styles: stylesFor(surroundings.env), nowMs });
  const subscription = client.subscribe(name);
  let version: number | null = null;
  const screen = new Screen({
    input: surroundings.stdin,
    output: surroundings.stdout,
    onKey: (key) => {
      if (key === 'quit') subscription.close();
      else press(view, key);
      frames.request();
    },
    onResize: () => frames.request(),
  });
  const draw = (): void => {
    const status =
      client.state === 'live' ? `live  v ${version ?? '–'}` : `${client.state}  v ${version ?? '–'}`;
    screen.draw(view.lines(subscription.table(name), screen.size, { title: name, status, keys: KEYS }));
  };
  const frames = createFrames(draw, nowMs);
  const stopListening = client.onState(() => frames.request());
  const tick = setInterval(() => frames.request(), TICK_MS);
  frames.request();
  try {
    for await (const update of subscription) {
      version = update.version;
      frames.request();
    }
  } finally {
    clearInterval(tick);
    stopListening();
    frames.close();
    screen.close();
  }
}

function press(view: TableScreen, key: Exclude<Key, 'quit'>): void {
  switch (key) {
    case 'up':
      return view.scroll(-1);
    case 'down':
      return view.scroll(1);
    case 'page-up':
      return view.scroll(-1, true);
    case 'page-down':
      return view.scroll(1, true);
    case 'home':
      return view.toFirst();
    case 'end':
      return view.toLast();
    case 'left':
      return view.scrollColumns(-1);
    case 'right':
      return view.scrollColumns(1);
    default:
      key satisfies never;
  }
}

/** Draws at once, and again at most every {@link MIN_FRAME_MS}. */
function createFrames(draw: () => void, nowMs: () => number): { request(): void; close(): void } {
  let lastMs = Number.NEGATIVE_INFINITY;
  let timer: NodeJS.Timeout | null = null;
  const frame = (): void => {
    timer = null;
    lastMs = nowMs();
    draw();
  };
  return {
    request() {
      timer ??= setTimeout(frame, Math.max(0, lastMs + MIN_FRAME_MS - nowMs()));
    },
    close() {
      if (timer !== null) clearTimeout(timer);
    },
  };
}
