import { setTimeout as delay } from 'node:timers/promises';
import { openLine } from '../lib/bus-line.mjs';
import { dataTopic } from '../lib/bus-messages.mjs';
import { withChildren } from '../lib/child.mjs';
import { isPeerInstalled } from '../lib/packages.mjs';
import { result } from '../lib/result.mjs';
import { race } from '../lib/rounds.mjs';

const pace = { header: { key: ['k'] }, perSecond: 20, rows: 100, keyed: true };

/** @typedef {import('../lib/child.mjs').Child} Child */

/** @type {import('../lib/case.mjs').BenchCase} */
export const fanoutTable = {
  name: 'fanout-table',
  about: '50 viewers of one keyed table, 100 rows × 6 columns upserted 20 times/s',
  run({ rounds, smoke, profile }) {
    return withChildren({ profile }, async (start) => {
      const sender = start('publisher');
      const count = smoke ? 5 : 50;
      const roundMs = smoke ? 300 : 3000;
      const ours = await openLine(sender, start('gateway'), (address) => ({ connect: [address] }));
      const contenders = { ours: await contender('gateway', ours) };
      if (isPeerInstalled('perspective')) {
        const server = start('perspective-server');
        const perspective = await openLine(sender, server, (connect) => ({ connect }));
        Object.assign(contenders, { perspective: await contender('perspective', perspective) });
      }
      return toResults(await race({ rounds, contenders }));

      /** @param {'gateway' | 'perspective'} kind @param {import('../lib/bus-line.mjs').BusLine} line */
      async function contender(kind, line) {
        const viewers = start('table-viewers');
        await viewers.call('connect', { kind, port: line.started.port, table: dataTopic, count });
        return () => measure(sender, line, viewers, roundMs);
      }
    });
  },
};

/** @param {Child} sender @param {import('../lib/bus-line.mjs').BusLine} line @param {Child} viewers @param {number} roundMs */
async function measure(sender, { address, receiver }, viewers, roundMs) {
  await sender.call('pace', { address, ...pace });
  await delay(roundMs / 6);
  await viewers.call('reset');
  await viewers.call('usage');
  await receiver.call('usage');
  await delay(roundMs);
  const { cpuPercent } = await receiver.call('usage');
  const { cpuPercent: viewersCpuPercent } = await viewers.call('usage');
  const figures = await viewers.call('figures');
  await sender.call('stopPacing');
  return { ...figures, cpuPercent, viewersCpuPercent };
}

/** @param {Record<string, import('../lib/rounds.mjs').Figures>} figures */
function toResults({ ours, perspective }) {
  const compared = (
    /** @type {string} */ name,
    /** @type {string} */ unit,
    /** @type {string} */ figure,
    /** @type {string} */ goal,
  ) =>
    result({
      name: `fanout-table-${name}`,
      unit,
      ours: ours[figure],
      peers: perspective === undefined ? {} : { perspective: perspective[figure] },
      goal: { perspective: goal },
      detail: {
        samples: ours.samples,
        viewersCpuPercent: ours.viewersCpuPercent,
        ...(perspective === undefined
          ? {}
          : {
              perspectiveSamples: perspective.samples,
              perspectiveViewersCpuPercent: perspective.viewersCpuPercent,
            }),
      },
    });
  return [
    compared('p50', 'ms', 'p50Ms', '<= 0.1'),
    compared('p99', 'ms', 'p99Ms', '<= 0.1'),
    compared('cpu', '% of a core', 'cpuPercent', '<= 0.2'),
  ];
}
