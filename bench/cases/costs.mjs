import { cpus, loadavg, platform } from 'node:os';
import { withChildren } from '../lib/child.mjs';
import { costPoints } from '../lib/cost-points.mjs';
import { costsOf } from '../lib/costs-of.mjs';
import { withNatsServer } from '../lib/nats-server.mjs';
import { result } from '../lib/result.mjs';
import { race } from '../lib/rounds.mjs';
import { openSharedLog } from '../lib/shared-log.mjs';

/** @type {import('../lib/case.mjs').BenchCase} */
export const costs = {
  name: 'costs',
  about:
    'processor time and memory per delivery, viewer and row at gateways on one NATS log; for npm run capacity',
  isLong: true,
  run(context) {
    return withNatsServer(context.note, (nats) =>
      withChildren({ profile: context.profile }, async (start) => {
        const log = await openSharedLog({ start, natsUrl: nats.url, stream: 'costs', followers: 1 });
        const contenders = await costPoints(context, { start, nats, log });
        const detail = costsOf(await race({ rounds: context.rounds, contenders }));
        return [
          result({
            name: 'costs',
            unit: 'µs of a core per delivery of 1 KB',
            ours: detail.deliveryUs + detail.deliveryUsPerKb,
            peers: {},
            goal: {},
            detail,
            context: measuredAt(),
          }),
        ];
      }),
    );
  },
};

function measuredAt() {
  return {
    machine: `${cpus()[0]?.model ?? 'unknown'}, ${cpus().length} cores, ${platform()}`,
    load: `load average ${loadavg()[0]?.toFixed(0)}`,
    node: process.version,
    date: new Date().toISOString().slice(0, 10),
  };
}
