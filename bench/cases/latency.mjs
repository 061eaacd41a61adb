import { setTimeout as delay } from 'node:timers/promises';
import { openLine } from '../lib/bus-line.mjs';
import { dataTopic } from '../lib/bus-messages.mjs';
import { withChildren } from '../lib/child.mjs';
import { result } from '../lib/result.mjs';
import { race } from '../lib/rounds.mjs';
import { gatewayTarget, wsTarget } from '../lib/viewer-targets.mjs';

const rows = 10;
const perSecond = 1000;
const header = { op: 'append', retention: { max_rows: 10_000 } };
/** Around the viewer that is measured, so that it is neither the first nor the last to be served. */
const othersBefore = 5;
const othersAfter = 4;

/** @typedef {import('../lib/child.mjs').Child} Child */

/** @type {import('../lib/case.mjs').BenchCase} */
export const latency = {
  name: 'latency',
  about: '1,000 messages/s of 10 rows, 10 viewers, from publishing to the replica that has them applied',
  run({ rounds, smoke, profile }) {
    return withChildren({ profile }, async (start) => {
      const sender = start('publisher');
      const roundMs = smoke ? 300 : 3000;
      const ours = await openLine(sender, start('gateway'), (address) => ({ connect: [address] }));
      const oursViewer = await viewersOf(
        start,
        gatewayTarget(ours.started.port, { table: dataTopic }),
        (viewer) => viewer.call('connectReplica', { port: ours.started.port, table: dataTopic, rows }),
      );
      const relay = await openLine(sender, start('relay'), (connect) => ({ connect }));
      const relayViewer = await viewersOf(start, wsTarget(relay.started.port), (viewer) =>
        viewer.call('connectRelay', { port: relay.started.port, rows }),
      );
      const figures = await race({
        rounds,
        contenders: {
          ours: () => measure(sender, ours, oursViewer, roundMs),
          relay: () => measure(sender, relay, relayViewer, roundMs),
        },
      });
      return toResults(figures);
    });
  },
};

/**
 * @param {(name: string) => Child} start
 * @param {{ target: import('../lib/raw-viewer.mjs').ViewerTarget, greetings: number }} target
 * @param {(viewer: Child) => Promise<unknown>} connect
 */
async function viewersOf(start, { target, greetings }, connect) {
  const others = start('viewers');
  const viewer = start('latency-viewer');
  await others.call('connect', target, { count: othersBefore, greetings });
  await connect(viewer);
  await others.call('connect', target, { count: othersAfter, greetings });
  return viewer;
}

/** @param {Child} sender @param {import('../lib/bus-line.mjs').BusLine} line @param {Child} viewer @param {number} roundMs */
async function measure(sender, { address, receiver }, viewer, roundMs) {
  await sender.call('pace', { address, header, perSecond, rows, keyed: false });
  await delay(roundMs / 10);
  await viewer.call('reset');
  await receiver.call('usage');
  await delay(roundMs);
  const figures = await viewer.call('figures');
  const { cpuPercent, longestPauseMs } = await receiver.call('usage');
  await sender.call('stopPacing');
  return { ...figures, cpuPercent, longestPauseMs, perSecond: (figures.samples * 1000) / roundMs };
}

/** @param {Record<string, import('../lib/rounds.mjs').Figures>} figures */
function toResults({ ours, relay }) {
  const rank = (/** @type {'p50Ms' | 'p99Ms'} */ figure) => ({
    unit: 'ms',
    ours: ours[figure],
    peers: { relay: relay[figure] },
    goal: { relay: '<= 1.5' },
  });
  return [
    result({
      name: 'latency-p50',
      ...rank('p50Ms'),
      detail: {
        arrivedP50Ms: ours.arrivedP50Ms,
        perSecond: ours.perSecond,
        relayPerSecond: relay.perSecond,
        cpuPercent: ours.cpuPercent,
        relayCpuPercent: relay.cpuPercent,
      },
    }),
    result({
      name: 'latency-p99',
      ...rank('p99Ms'),
      detail: {
        arrivedP99Ms: ours.arrivedP99Ms,
        p95Ms: ours.p95Ms,
        relayP95Ms: relay.p95Ms,
        maxMs: ours.maxMs,
        relayMaxMs: relay.maxMs,
        longestPauseMs: ours.longestPauseMs,
      },
    }),
  ];
}
