/**
 * Keeps a Perspective table equal to a live table, by its changes as Arrow. Perspective knows one key column, and takes no rows
 * from the front: where a change needs more than that, its table is given all rows.
 *
 * @param perspective what `perspective.table` makes tables with: a worker in the page, the module itself in Node
 * @param client what `connect` answers
 * @param {string} name of the live table
 * @param onTable called with each Perspective table that is new: at first, and where the columns or the key became others
 */
export async function feed(perspective, client, name, onTable) {
  const live = client.subscribe(name);
  let shape = '';
  let table = null;
  for await (const change of client.changes(name)) {
    const { op, key, rows, deleted, dropFirst } = change;
    if (op === 'drop') {
      await table?.clear();
      continue;
    }
    const [only, ...more] = key ?? [];
    const now = JSON.stringify([key, live.table(name)?.columns.map((column) => [column.name, column.type])]);
    if (now !== shape) {
      shape = now;
      table = await perspective.table(bytesOf(rows), more.length === 0 && only ? { index: only } : {});
      await onTable(table);
      continue;
    }
    const gone = deleted.toArray().map((row) => keyOf(row[only]));
    if (op === 'snapshot' || dropFirst > 0 || more.length > 0 || gone.includes(null)) {
      // The client's copy may be ahead of the change; the changes that led there then come to the same.
      const whole = live.table(name)?.rows();
      if (whole !== undefined) await table.replace(bytesOf(whole));
      continue;
    }
    if (gone.length > 0) await table.remove(gone);
    if (rows.length > 0) await table.update(bytesOf(rows));
  }
}

/** Perspective takes a buffer of its own. */
function bytesOf(rows) {
  return rows.toArrow().slice().buffer;
}

/** A key as Perspective names it; null for those that it names otherwise than by a text or a number. */
function keyOf(value) {
  if (typeof value === 'bigint') return Number(value);
  return ['string', 'number'].includes(typeof value) ? value : null;
}
