// A viewer as the page is one: its connection, its replica, its tables. Arguments: the WebSocket's address, the tables.
import { WebSocket } from 'ws';
import { built, serveParent } from './parent.mjs';

const { Connection } = await built('ui/connection.js');
const { Replica } = await built('ui/replica.js');
const { createSystemClock } = await built('ui/client/system-clock.js');
const { contentHash } = await built('protocol/table/content-hash.js');
const { applyChange } = await built('protocol/table/replica-table.js');

const [url = '', names = '*'] = process.argv.slice(2);
/** @type {string[]} */
const faults = [];
let commits = 0;
let lines = 0;
let resumed = 0;
/** @type {{ epoch: string, version: number } | null} */
let last = null;

const replica = new Replica({
  applyChange,
  nowMs: () => Date.now(),
  onFault: (/** @type {unknown} */ error) => {
    faults.push(`the replica could not follow: ${error instanceof Error ? error.stack : error}`);
    connection.restart();
  },
  onListenerError: (/** @type {unknown} */ error) => faults.push(String(error)),
});
replica.onCommit((/** @type {{ epoch: string, version: number }} */ { epoch, version }) => {
  commits += 1;
  if (last?.epoch === epoch && version < last.version)
    faults.push(`version ${version} after ${last.version}`);
  last = { epoch, version };
});
const connection = new Connection({
  url,
  createSocket: (/** @type {string} */ address, /** @type {string} */ subprotocol) => {
    const socket = new WebSocket(address, subprotocol, { perMessageDeflate: false, closeTimeout: 500 });
    socket.on('error', () => {});
    return socket;
  },
  clock: createSystemClock(),
  random: Math.random,
  tables: names === '*' ? '*' : names.split(','),
  isVisible: () => true,
  resumeAt: (/** @type {string} */ epoch) => {
    lines += 1;
    const since = replica.resumeAt(epoch);
    if (since !== null) resumed += 1;
    return since;
  },
  onMessage: (/** @type {any} */ message) => {
    if (message.type === 'error') faults.push(`${message.code}: ${message.detail}`);
    replica.message(message);
  },
  onBinary: (/** @type {Uint8Array} */ bytes) => replica.binary(bytes),
  onState: () => {},
});

serveParent({
  look: () => ({
    position: replica.position,
    hashes: Object.fromEntries(
      [...replica.tables].map(([name, table]) => [name, contentHash(/** @type {any} */ (table))]),
    ),
    counts: { commits, lines, resumed },
    faults,
  }),
});
