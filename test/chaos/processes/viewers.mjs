// Many viewers in one process, each with a client and a copy of its own. Arguments: the gateways' addresses, how many, the table.
import { built, serveParent } from './parent.mjs';

const { connect } = await built('ui/client/node.js');
const [addresses = '', count = '1', table = ''] = process.argv.slice(2);
const urls = addresses.split(',');
/** @type {string[]} */
const faults = [];
let mark = { atMs: 0, version: 0 };

/** @param {number} number */
function view(number) {
  // They begin at different gateways, and each knows the others.
  const first = number % urls.length;
  const client = connect([...urls.slice(first), ...urls.slice(0, first)], {
    onError: (/** @type {unknown} */ error) => faults.push(String(error)),
  });
  const subscription = client.subscribe(table);
  const viewer = {
    client,
    subscription,
    epoch: '',
    version: 0,
    backAtMs: /** @type {number | null} */ (null),
    /** When it was last without a line. */
    cutOffAtMs: Number.NEGATIVE_INFINITY,
  };
  client.onState((/** @type {string} */ state) => {
    if (state !== 'live') viewer.cutOffAtMs = performance.now();
  });
  const follow = async () => {
    for await (const { epoch, version } of subscription) {
      if (viewer.epoch === epoch && version < viewer.version)
        faults.push(`viewer ${number} is at version ${version} after ${viewer.version}`);
      if (viewer.epoch !== '' && viewer.epoch !== epoch) faults.push(`viewer ${number} is in another epoch`);
      viewer.epoch = epoch;
      viewer.version = version;
      if (version > mark.version) viewer.backAtMs ??= performance.now();
    }
  };
  follow().catch((error) => faults.push(String(error)));
  return viewer;
}

const viewers = Array.from({ length: Number(count) }, (_, number) => view(number));

serveParent({
  /** From now on it is looked how long each viewer takes to a version that nobody has now, since so many milliseconds ago. */
  mark: (/** @type {number} */ agoMs) => {
    mark = { atMs: performance.now() - agoMs, version: Math.max(...viewers.map(({ version }) => version)) };
    for (const viewer of viewers) viewer.backAtMs = null;
  },
  /** Milliseconds of those that have come there, of these who were without a line meanwhile, and how many others there are in each state. */
  back: () => {
    /** @type {Record<string, number>} */
    const behind = {};
    for (const { client, backAtMs, version } of viewers) {
      const state = `${client.state}${version === 0 ? ', without a version' : ''}`;
      if (backAtMs === null) behind[state] = (behind[state] ?? 0) + 1;
    }
    const back = viewers.filter(({ backAtMs }) => backAtMs !== null);
    const tookMs = (/** @type {typeof viewers} */ those) =>
      those.map(({ backAtMs }) => (backAtMs ?? 0) - mark.atMs);
    return {
      back: tookMs(back),
      cutOff: tookMs(back.filter(({ cutOffAtMs }) => cutOffAtMs >= mark.atMs)),
      behind,
    };
  },
  look: () => ({
    hashes: viewers.map(({ subscription }) => subscription.table(table)?.contentHash() ?? null),
    faults,
  }),
});
