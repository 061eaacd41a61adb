import { setTimeout as delay } from 'node:timers/promises';
import { openLine } from '../lib/bus-line.mjs';
import { dataTopic } from '../lib/bus-messages.mjs';
import { withChildren } from '../lib/child.mjs';
import { result } from '../lib/result.mjs';
import { race } from '../lib/rounds.mjs';
import { gatewayTarget } from '../lib/viewer-targets.mjs';

/** 1 KB, ten times a second, to as many viewers for each process. */
const pace = {
  header: { op: 'append', retention: { max_rows: 10_000 } },
  perSecond: 10,
  rows: 1,
  keyed: false,
};
const counts = [1, 2, 4];

/** @type {import('../lib/case.mjs').BenchCase} */
export const workers = {
  name: 'workers',
  about: 'one gateway with 1, 2 and 4 processes, each with as many viewers: processor time per delivery',
  isLong: true,
  async run(context) {
    const contenders = Object.fromEntries(
      counts.map((count) => [`workers ${count}`, () => deliver(context, count)]),
    );
    // Each run takes processes of its own and warms them up itself.
    return toResults(await race({ rounds: context.rounds, contenders, warmUp: false }));
  },
};

/** @param {import('../lib/case.mjs').BenchContext} context @param {number} count */
function deliver({ smoke, profile }, count) {
  const viewersEach = smoke ? 10 : 200;
  const roundMs = smoke ? 1500 : 6000;
  return withChildren({ profile }, async (start) => {
    const [sender, gateway, viewers] = [start('publisher'), start('gateway'), start('viewers')];
    const { address, started } = await openLine(sender, gateway, (line) => ({
      workers: count,
      connect: [line],
    }));
    const { target, greetings } = gatewayTarget(started.port, { table: dataTopic });
    await viewers.call('connect', target, { count: viewersEach * count, greetings });
    await sender.call('pace', { address, ...pace });
    await delay(roundMs / 2);
    const before = { ...(await viewers.call('totals')), ...(await gateway.call('workers')) };
    await gateway.call('usage');
    const startedAt = performance.now();
    await delay(roundMs);
    const totals = await viewers.call('totals');
    const tookS = (performance.now() - startedAt) / 1000;
    const { cpuMs: firstCpuMs } = await gateway.call('usage');
    const after = await gateway.call('workers');
    await sender.call('stopPacing');
    const deliveries = totals.binaries - before.binaries;
    const bytesEach = (totals.bytes - before.bytes) / deliveries;
    // Workers tell both at one moment, which is not the moment of the viewers.
    const told = (after.sentBytes - before.sentBytes) / bytesEach;
    const firstUsEach = (firstCpuMs * 1000) / deliveries;
    const workerUsEach = count === 1 ? 0 : ((after.cpuMs - before.cpuMs) * 1000) / told;
    return {
      cpuUsEach: firstUsEach + workerUsEach,
      firstUsEach,
      workerUsEach,
      perSecond: deliveries / tookS,
      conflated: Math.max(0, 1 - deliveries / (count * viewersEach * pace.perSecond * tookS)),
    };
  });
}

/** @param {Record<string, import('../lib/rounds.mjs').Figures>} figures */
function toResults(figures) {
  const single = figures[`workers ${counts[0]}`];
  return counts.map((count) => {
    const of = figures[`workers ${count}`];
    return result({
      name: `workers-${count}`,
      unit: 'µs of a core per delivery of 1 KB',
      ours: of.cpuUsEach,
      peers: { 'one process': single.cpuUsEach },
      goal: { 'one process': '<= 1.1' },
      detail: of,
    });
  });
}
