import { setTimeout as delay } from 'node:timers/promises';
import { openLine } from '../lib/bus-line.mjs';
import { dataTopic } from '../lib/bus-messages.mjs';
import { withChildren } from '../lib/child.mjs';
import { result } from '../lib/result.mjs';
import { race } from '../lib/rounds.mjs';
import { gatewayTarget } from '../lib/viewer-targets.mjs';

/** 48 KB, 50 times/s: what the kernel takes for a viewer that reads nothing is soon full. */
const pace = { header: { key: ['k'] }, perSecond: 50, rows: 1000, keyed: true };
const messageBytes = 48_000;
const healthy = 10;
const bytesPerMb = 1e6;

/** @type {import('../lib/case.mjs').BenchCase} */
export const slowViewers = {
  name: 'slow-viewers',
  about: '1,000 stalled viewers beside 10 healthy ones: the memory they take, and what the healthy notice',
  async run(context) {
    const stalled = context.smoke ? 20 : 1000;
    const { alone, ours } = await race({
      rounds: context.rounds,
      warmUp: false,
      contenders: { alone: () => measure(context, 0), ours: () => measure(context, stalled) },
    });
    return [
      result({
        name: 'slow-viewers-memory',
        unit: 'MB more',
        ours: ours.grownMb,
        peers: {},
        goal: { ours: '<= 50' },
        detail: { queuedMb: ours.queuedMb, grownMbWithoutStalled: alone.grownMb },
      }),
      result({
        name: 'slow-viewers-p99',
        unit: 'ms',
        ours: ours.p99Ms,
        peers: { alone: alone.p99Ms },
        goal: { alone: '<= 1.1' },
        detail: {
          p50Ms: ours.p50Ms,
          aloneP50Ms: alone.p50Ms,
          cpuPercent: ours.cpuPercent,
          aloneCpuPercent: alone.cpuPercent,
        },
      }),
    ];
  },
};

/**
 * Resolves when the kernel's buffers for stalled viewers are full: hardly more is sent than what the healthy read.
 * @param {import('../lib/child.mjs').Child} gateway
 */
async function untilFull(gateway) {
  const pollMs = 500;
  const healthyBytes = (healthy * messageBytes * pace.perSecond * pollMs) / 1000;
  let before = Number.NEGATIVE_INFINITY;
  for (;;) {
    const { sentBytes } = await gateway.call('counts');
    if (sentBytes - before < 2 * healthyBytes) return;
    before = sentBytes;
    await delay(pollMs);
  }
}

/** A gateway of its own each time. @param {import('../lib/case.mjs').BenchContext} context @param {number} stalled */
function measure({ profile, smoke }, stalled) {
  const roundMs = smoke ? 300 : 4000;
  return withChildren({ profile }, async (start) => {
    const sender = start('publisher');
    const {
      receiver: gateway,
      started,
      address,
    } = await openLine(sender, start('gateway'), (connect) => ({
      connect: [connect],
    }));
    const viewers = start('table-viewers');
    await viewers.call('connect', { kind: 'gateway', port: started.port, table: dataTopic, count: healthy });
    await sender.call('pace', { address, ...pace });
    await delay(roundMs / 2);
    const before = await gateway.call('memory');
    const { target, greetings } = gatewayTarget(started.port, { table: dataTopic });
    if (stalled > 0)
      await start('viewers').call('connect', target, { count: stalled, greetings, isStalled: true });
    await untilFull(gateway);
    await viewers.call('reset');
    await gateway.call('usage');
    await delay(roundMs);
    const figures = await viewers.call('figures');
    const { cpuPercent } = await gateway.call('usage');
    const { queuedBytes } = await gateway.call('counts');
    const after = await gateway.call('memory');
    await sender.call('stopPacing');
    const grownMb = (after.rssBytes - before.rssBytes) / bytesPerMb;
    return { ...figures, cpuPercent, grownMb, queuedMb: queuedBytes / bytesPerMb };
  });
}
