// Reads Arrow messages and does nothing with them: as the gateway does, with every check, and as a library that has none.
import { arrowMessages } from '../lib/arrow-messages.mjs';
import { builtModule, projectPackage } from '../lib/packages.mjs';
import { serveParent } from '../lib/serve-parent.mjs';

const { RecordBatchReader } = projectPackage('apache-arrow');
const { readIpc, SchemaCache } = await import(builtModule('protocol/arrow/read-ipc.js'));

/** @type {Buffer[]} */
let pool = [];
const cache = new SchemaCache();

/** @type {Record<string, (message: Buffer) => number>} */
const readers = {
  ours: (message) => readIpc(message, cache).rowCount,
  library: (message) => [...RecordBatchReader.from(message)].reduce((rows, batch) => rows + batch.numRows, 0),
};

serveParent({
  /** @param {import('../lib/arrow-messages.mjs').MessageSpec} spec */
  load(spec) {
    pool = arrowMessages(spec);
  },

  /** @param {keyof typeof readers} how @param {number} count @returns {{ usEach: number }} of a message, by this process's own time */
  read(how, count) {
    const reader = readers[how];
    const before = process.cpuUsage();
    let rows = 0;
    for (let i = 0; i < count; i += 1) rows += reader?.(/** @type {Buffer} */ (pool[i % pool.length])) ?? 0;
    const { user, system } = process.cpuUsage(before);
    if (rows === 0) throw new Error('No rows were read.');
    return { usEach: (user + system) / count };
  },
});
