/* global Arrow */

/**
 * Keeps a copy of the tables, and calls back after each commit with all of it applied: a map from each table's name to
 * its `rows`, themselves a map in the table's order; a row lacks columns that it never had. A line that ends is taken up
 * again, and starts anew.
 */
export function follow(gateway, names, onCommit) {
  const socket = new WebSocket(`${gateway.replace(/^http/, 'ws')}/live`, 'tablecast.v1');
  const tables = new Map();
  let commit = null;
  let payloads = [];

  socket.binaryType = 'arraybuffer';
  socket.onopen = () => socket.send(JSON.stringify({ type: 'subscribe', tables: names }));
  socket.onclose = () => setTimeout(follow, 1000, gateway, names, onCommit);
  socket.onmessage = ({ data }) => {
    if (typeof data !== 'string') {
      payloads.push(data);
    } else {
      const message = JSON.parse(data);
      if (message.type === 'error') console.warn(message.detail);
      if (message.type !== 'commit') return;
      commit = message;
      payloads = [];
    }
    // A commit is followed by one Arrow stream for each change but a drop.
    if (payloads.length < commit.changes.filter(({ op }) => op !== 'drop').length) return;
    for (const change of commit.changes) apply(tables, change, payloads);
    onCommit(tables, commit.version);
  };
}

function apply(tables, { table, op, key, snapshot, drop_first }, payloads) {
  if (op === 'drop') return tables.delete(table);
  if (op === 'replace' || snapshot) tables.set(table, { key, rows: new Map(), next: 0 });
  const copy = tables.get(table);
  for (const row of Arrow.tableFromIPC(new Uint8Array(payloads.shift()))) {
    const values = row.toJSON();
    const id = copy.key ? idOf(copy.key.map((name) => values[name])) : copy.next++;
    if (op === 'delete') copy.rows.delete(id);
    else copy.rows.set(id, { ...copy.rows.get(id), ...values });
  }
  for (const id of [...copy.rows.keys()].slice(0, drop_first ?? 0)) copy.rows.delete(id);
}

function idOf(values) {
  return JSON.stringify(values.map((value) => [typeof value, `${value}`]));
}
