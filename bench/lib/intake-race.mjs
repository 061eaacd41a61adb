// Messages per second from a PUB socket to a table that holds them, against a bare receive loop.
import { openLine } from './bus-line.mjs';
import { markerTopic } from './bus-messages.mjs';
import { withChildren } from './child.mjs';
import { isPeerInstalled } from './packages.mjs';
import { race } from './rounds.mjs';

/**
 * @typedef {object} IntakeWork
 * @property {import('./arrow-messages.mjs').MessageSpec} data
 * @property {object} header
 * @property {number} count messages per round
 * @property {number} [perspectiveCount] where Perspective races too
 *
 * @typedef {import('./child.mjs').Child} Child
 */

/**
 * @param {import('./case.mjs').BenchContext} context
 * @param {IntakeWork} work
 * @returns {Promise<Record<string, import('./rounds.mjs').Figures>>} `ours`, `bare` and perhaps `perspective`: rowsPerSecond and more
 */
export function raceIntake({ rounds, profile, note }, work) {
  return withChildren({ profile }, async (start) => {
    const sender = start('publisher');
    const messageBytes = await sender.call('load', work.data);
    note(`${work.count} messages of ${messageBytes} bytes per round`);
    const ours = await openLine(sender, start('gateway'), (address) => ({ connect: [address] }));
    const bare = await openLine(sender, start('bare-receiver'), (connect) => ({ connect }));
    const contenders = {
      ours: () => burst(sender, ours, work),
      bare: () => burst(sender, bare, work),
    };
    if (work.perspectiveCount !== undefined && isPeerInstalled('perspective')) {
      const perspective = start('perspective-table');
      await perspective.call('load', work.data);
      Object.assign(contenders, { perspective: () => update(perspective, work) });
    }
    const figures = await race({ rounds, contenders });
    const { rejected } = await ours.receiver.call('counts');
    if (rejected.length > 0) throw new Error(`The gateway rejected publications: ${rejected[0]}`);
    return figures;
  });
}

/** @param {Child} sender @param {import('./bus-line.mjs').BusLine} line @param {IntakeWork} work */
async function burst(sender, { address, receiver }, { header, count, data }) {
  await receiver.call('arm', markerTopic);
  await receiver.call('usage');
  const startedAtMs = await sender.call('burst', { address, header, count });
  const tookMs = (await receiver.call('reached', markerTopic)) - startedAtMs;
  const { longestPauseMs, cpuPercent } = await receiver.call('usage');
  return { rowsPerSecond: (count * data.rows * 1000) / tookMs, longestPauseMs, cpuPercent };
}

/** @param {Child} perspective @param {IntakeWork} work */
async function update(perspective, { data, perspectiveCount = 1 }) {
  const { tookMs, deltas } = await perspective.call('update', data, perspectiveCount);
  return { rowsPerSecond: (perspectiveCount * data.rows * 1000) / tookMs, deltas };
}
