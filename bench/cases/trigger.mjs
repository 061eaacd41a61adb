import { withChildren } from '../lib/child.mjs';
import { result } from '../lib/result.mjs';
import { race } from '../lib/rounds.mjs';
import { gatewayTarget } from '../lib/viewer-targets.mjs';

const path = '/update_data';

/** @type {import('../lib/case.mjs').BenchCase} */
export const trigger = {
  name: 'trigger',
  about: '/update_data requests/s over 50 connections with nothing staged, 10 viewers',
  run({ rounds, smoke, profile }) {
    return withChildren({ profile }, async (start) => {
      const work = { path, connections: smoke ? 5 : 50, count: smoke ? 100 : 30_000 };
      const load = start('http-load');
      const gateway = start('gateway');
      const { port } = await gateway.call('start');
      const { target, greetings } = gatewayTarget(port, {});
      const viewers = start('viewers');
      await viewers.call('connect', target, { count: 10, greetings });
      const fastify = start('bare-websockets');
      const bare = await fastify.call('start', 'fastify');
      const { ours, fastify: peer } = await race({
        rounds,
        contenders: {
          ours: () => measure(load, gateway, viewers, { ...work, port }),
          fastify: () => measure(load, fastify, viewers, { ...work, port: bare.port }),
        },
      });
      return [
        result({
          name: 'trigger',
          unit: 'requests/s',
          ours: ours.perSecond,
          peers: { fastify: peer.perSecond },
          goal: { fastify: '>= 0.7' },
          detail: {
            cpuPercent: ours.cpuPercent,
            fastifyCpuPercent: peer.cpuPercent,
            loadCpuPercent: ours.loadCpuPercent,
            messagesPerRequestAndViewer: ours.messagesEach,
          },
        }),
      ];
    });
  },
};

/**
 * @param {import('../lib/child.mjs').Child} load @param {import('../lib/child.mjs').Child} underTest
 * @param {import('../lib/child.mjs').Child} viewers @param {{ port: number, path: string, connections: number, count: number }} work
 */
async function measure(load, underTest, viewers, work) {
  const before = await viewers.call('totals');
  await Promise.all([load.call('usage'), underTest.call('usage')]);
  const { perSecond } = await load.call('load', work);
  const [{ cpuPercent }, loadUsage] = await Promise.all([underTest.call('usage'), load.call('usage')]);
  const after = await viewers.call('totals');
  const messagesEach = (after.texts - before.texts) / 10 / work.count;
  return { perSecond, cpuPercent, loadCpuPercent: loadUsage.cpuPercent, messagesEach };
}
