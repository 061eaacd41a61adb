// Many raw viewers, which only count, in one process; the same for every server.
import { sharedNowMs } from '../lib/clock.mjs';
import { connectRawViewer } from '../lib/raw-viewer.mjs';
import { serveParent } from '../lib/serve-parent.mjs';

/** Connections under way at once, unless told otherwise: more would only wait in the server's backlog. */
const defaultAtOnce = 50;

/** @typedef {import('../lib/raw-viewer.mjs').RawViewer} RawViewer */

/** @type {RawViewer[]} */
let viewers = [];
/** @type {(() => void)[]} */
let watchers = [];

function changed() {
  for (const look of watchers) look();
}

/** @param {() => boolean} isSo @returns {Promise<number>} when it became so, on the shared clock */
function until(isSo) {
  return new Promise((resolve) => {
    const look = () => {
      if (!isSo()) return;
      watchers = watchers.filter((watcher) => watcher !== look);
      resolve(sharedNowMs());
    };
    watchers = [...watchers, look];
    look();
  });
}

function totals() {
  let [binaries, texts, bytes] = [0, 0, 0];
  for (const { counter } of viewers) {
    binaries += counter.binaries;
    texts += counter.texts;
    bytes += counter.bytes;
  }
  return { binaries, texts, bytes };
}

/** When all viewers had what `arm` said. */
let allReached = Promise.resolve(0);

/**
 * Resolves when all of them are so far; one that is, is not looked at again.
 * @param {readonly RawViewer[]} which @param {(counter: RawViewer['counter'], index: number) => boolean} isThere
 */
function allThere(which, isThere) {
  let first = 0;
  return until(() => {
    while (first < which.length && isThere(which[first].counter, first)) first += 1;
    return first === which.length;
  });
}

serveParent({
  /**
   * @param {import('../lib/raw-viewer.mjs').ViewerTarget} target
   * @param {{ count: number, greetings?: number, bytes?: number, atOnce?: number, isStalled?: boolean }} options each viewer
   * is ready after so many text messages and bytes; a stalled one reads nothing any more
   * @returns {Promise<number>} when all were ready, on the shared clock
   */
  async connect(target, { count, greetings = 0, bytes = 0, atOnce = defaultAtOnce, isStalled = false }) {
    const added = [];
    while (added.length < count) {
      const size = Math.min(atOnce, count - added.length);
      const batch = Array.from({ length: size }, () => connectRawViewer(target, { onCount: changed }));
      added.push(...(await Promise.all(batch)));
    }
    viewers = [...viewers, ...added];
    const isReady = (/** @type {RawViewer['counter']} */ { texts, bytes: had }) =>
      texts >= greetings && had >= bytes;
    const readyAtMs = await allThere(added, isReady);
    if (isStalled) for (const viewer of added) viewer.pause();
    return readyAtMs;
  },

  /** @param {number} each binary messages per viewer */
  arm(each) {
    const expected = viewers.map(({ counter }) => counter.binaries + each);
    allReached = allThere(viewers, ({ binaries }, index) => binaries >= expected[index]);
  },
  reached: () => allReached,
  totals,
  closed: () => viewers.filter(({ counter }) => counter.hasClosed).length,
  disconnect() {
    for (const viewer of viewers) viewer.close();
    viewers = [];
  },
});
