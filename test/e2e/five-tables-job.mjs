// One of the processes of a job: publishes to its tables with commit=hold whenever its parent says a round's number.
// Arguments: pub, push or http; the address; the tables. It says {"ready": true} once its peer listens, and
// {"sent": ROUND} after each round.
import { Float64, Int32, Table, tableToIPC, Utf8, vectorFromArray } from 'apache-arrow';
import { Push, XPublisher } from 'zeromq';

const [, , kind, address, ...tables] = process.argv;
const header = JSON.stringify({ op: 'replace', commit: 'hold' });

/** @param {number} round */
function rowsOf(round) {
  const rows = Array.from({ length: 20 }, (_, i) => i);
  return tableToIPC(
    new Table({
      round: vectorFromArray(
        rows.map(() => round),
        new Int32(),
      ),
      name: vectorFromArray(
        rows.map((i) => `row ${i}`),
        new Utf8(),
      ),
      value: vectorFromArray(
        rows.map((i) => round * 100 + i),
        new Float64(),
      ),
    }),
    'stream',
  );
}

/** @returns {Promise<(table: string, arrow: Uint8Array) => Promise<void>>} */
async function openSender() {
  if (kind === 'http') return postTo;
  const socket = kind === 'push' ? new Push() : new XPublisher();
  await (kind === 'push' ? socket.connect(address) : socket.bind(address));
  // A PUB loses what it sends before its peer has subscribed; an XPUB is one that sees the subscription.
  if (socket instanceof XPublisher) await socket.receive();
  return (table, arrow) => socket.send([table, header, arrow]);
}

/** @param {string} table @param {Uint8Array} arrow */
async function postTo(table, arrow) {
  const url = new URL(`tables/${table}?op=replace&commit=hold`, address);
  const headers = { 'content-type': 'application/vnd.apache.arrow.stream' };
  const response = await fetch(url, { method: 'POST', headers, body: arrow });
  if (!response.ok) throw new Error(`${url} answers ${response.status}`);
}

const send = await openSender();
process.on('message', async (round) => {
  for (const table of tables) await send(table, rowsOf(Number(round)));
  process.send?.({ sent: round });
});
process.on('disconnect', () => process.exit());
process.send?.({ ready: true });
