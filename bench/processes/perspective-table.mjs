// Perspective in one process, without any transport: the same messages given to `table.update`, one view that asks for
// row deltas.
import { arrowMessages } from '../lib/arrow-messages.mjs';
import { sharedNowMs } from '../lib/clock.mjs';
import { serveParent } from '../lib/serve-parent.mjs';

const perspective = await import('@perspective-dev/client');
/** @type {Buffer[]} */
let pool = [];
/** @type {{ table: any, deltas: number, close: () => Promise<void> } | null} */
let open = null;

/** @param {import('../lib/arrow-messages.mjs').MessageSpec} spec */
async function openTable(spec) {
  const table = await perspective.table(schemaOf(spec), spec.key === 'none' ? {} : { index: 'k' });
  const view = await table.view();
  const opened = {
    table,
    deltas: 0,
    async close() {
      await view.delete();
      await table.delete();
    },
  };
  await view.on_update(() => (opened.deltas += 1), { mode: 'row' });
  return opened;
}

/** @param {import('../lib/arrow-messages.mjs').MessageSpec} spec */
function schemaOf({ key, floats = 5 }) {
  const first = { none: { t: 'float' }, int32: { k: 'integer' }, utf8: { k: 'string' } }[key];
  return { ...first, ...Object.fromEntries(Array.from({ length: floats }, (_, i) => [`v${i}`, 'float'])) };
}

serveParent({
  /** @param {import('../lib/arrow-messages.mjs').MessageSpec} spec */
  load(spec) {
    pool = arrowMessages(spec);
  },

  /**
   * An appended table begins empty each time, for Perspective slows down as it grows; a keyed one stays.
   * @param {import('../lib/arrow-messages.mjs').MessageSpec} spec
   * @param {number} count
   * @returns {Promise<{ tookMs: number, rows: number, deltas: number }>}
   */
  async update(spec, count) {
    open ??= await openTable(spec);
    const { table } = open;
    const startedAtMs = sharedNowMs();
    for (let i = 0; i < count; i += 1) {
      const bytes = pool[i % pool.length];
      await table.update(bytes.buffer.slice(bytes.byteOffset, bytes.byteOffset + bytes.length));
    }
    const rows = await table.size();
    const tookMs = sharedNowMs() - startedAtMs;
    const { deltas } = open;
    if (spec.key === 'none') {
      await open.close();
      open = null;
    }
    return { tookMs, rows, deltas };
  },
});
