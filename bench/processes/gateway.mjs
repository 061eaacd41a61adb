// The gateway as the system under test: the built one, in a process that can look at its parts.
import { createArrival } from '../lib/arrival.mjs';
import { driveCommits, fillTable, timeCommits } from '../lib/gateway-drive.mjs';
import { builtModule, pageDirectory, projectPackage } from '../lib/packages.mjs';
import { watchSentBytes } from '../lib/sent-bytes.mjs';
import { serveParent } from '../lib/serve-parent.mjs';

const { pino } = projectPackage('pino');
const { DEFAULT_CONFIG } = await import(builtModule('gateway/config.js'));
const { startGateway } = await import(builtModule('gateway/gateway.js'));

const arrival = createArrival();
const sentBytes = watchSentBytes();
/** @type {any} */
let gateway = null;

/** Sees every commit as the broadcaster does. @param {any} parts */
function watchCommits({ broadcaster }) {
  const publish = broadcaster.publish.bind(broadcaster);
  broadcaster.publish = (/** @type {{ tables: readonly string[] }} */ commit) => {
    for (const table of commit.tables) arrival.reach(table);
    publish(commit);
  };
}

serveParent({
  /** @param {Record<string, unknown>} config what differs from the default; no sockets on the bus unless given */
  async start(config = {}) {
    const noBus = { connect: [], bind: [], pull: [] };
    gateway = await startGateway({
      config: { ...DEFAULT_CONFIG, port: 0, ...noBus, ...config },
      pageDirectory,
      logger: pino({ level: 'warn' }, pino.destination(2)),
    });
    watchCommits(gateway.parts);
    return { url: gateway.url, port: Number(new URL(gateway.url).port), epoch: gateway.parts.log.epoch };
  },

  ...arrival.methods,

  /** How many commits one may see for so many publications, rows, and what was encoded for viewers. */
  counts() {
    const { store, broadcaster, rejections } = gateway.parts;
    const tables = [...store.tables.values()].map((table) => [
      table.name,
      { rows: table.live.rowCount, bytes: table.live.bytes },
    ]);
    return {
      version: store.version,
      viewers: broadcaster.sessions.size,
      sentBytes: sentBytes(),
      queuedBytes: [...broadcaster.sessions].reduce((sum, session) => sum + session.queuedBytes, 0),
      encodings: broadcaster.encoder.encodings,
      framings: broadcaster.framings,
      tables: Object.fromEntries(tables),
      rejected: rejections.list.slice(0, 1).map((/** @type {{ detail: string }} */ { detail }) => detail),
    };
  },

  /** What its workers have told last: processor time of all, and bytes of commits to viewers, theirs or its own. */
  async workers() {
    const text = await gateway.parts.metrics.exposition();
    const sum = (/** @type {RegExp} */ sample) =>
      [...text.matchAll(sample)].reduce((total, [, figure]) => total + Number(figure), 0);
    return {
      cpuMs: sum(/^tablecast_worker_cpu_seconds_total\{.*\} (.+)$/gm) * 1000,
      sentBytes: sum(/^tablecast_viewer_bytes_total\{kind="live"\} (.+)$/gm),
    };
  },

  /** @param {import('../lib/gateway-drive.mjs').Drive} drive */
  drive: (drive) => driveCommits(gateway.parts, drive),

  /** @param {import('../lib/gateway-drive.mjs').Drive} drive */
  timeCommits: (drive) => timeCommits(gateway.parts, drive),

  /** @param {import('../lib/gateway-drive.mjs').Drive} drive */
  fill: (drive) => fillTable(gateway.parts, drive),

  stop: () => gateway.close(),
});
