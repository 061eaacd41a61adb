// regular-table alone: ?rows=N of the 20 columns as typed arrays in the page, of which ?perSecond=N times a second a thousand change.
import '/regular-table/dist/esm/regular-table.js';

const writtenRows = 1000;
const parameters = new URLSearchParams(location.search);
const rowCount = Number(parameters.get('rows'));
const perSecond = Number(parameters.get('perSecond'));
const filled = (/** @type {() => number} */ value) =>
  Float64Array.from({ length: rowCount }, () => Math.round(value() * 1e6) / 1e3);
const sent = filled(() => 0);
const quantities = filled(Math.random);
const prices = Array.from({ length: 13 }, () => filled(Math.random));

/** @type {Record<string, (row: number) => string>} */
const columns = {
  id: String,
  sent: (row) => `${sent[row]}`,
  symbol: (row) => `instrument-${row}`,
  sector: (row) => `sector ${row % 20}`,
  lot: (row) => `${row % 97}`,
  quantity: (row) => `${quantities[row]}`,
  time: (row) => new Date(1_760_000_000_000 + row / 1000).toISOString(),
  ...Object.fromEntries(
    prices.map((price, i) => [`price${i}`, (/** @type {number} */ row) => `${price[row]}`]),
  ),
};
const names = Object.keys(columns);

const element = /** @type {any} */ (document.querySelector('regular-table'));
element.setDataListener(async (x0, y0, x1, y1) => ({
  num_rows: rowCount,
  num_columns: names.length,
  column_headers: names.slice(x0, x1).map((name) => [name]),
  data: names
    .slice(x0, x1)
    .map((name) => Array.from({ length: Math.min(y1, rowCount) - y0 }, (_, i) => columns[name](y0 + i))),
}));

function tick() {
  const nowMs = Date.now();
  for (let i = 0; i < writtenRows; i += 1) {
    const row = i === 0 ? 0 : Math.floor(Math.random() * rowCount);
    sent[row] = nowMs;
    quantities[row] = Math.random() * 1e5;
    for (const price of prices) price[row] = Math.random() * 1e3;
  }
  void element.draw();
}

await element.draw();
if (perSecond > 0) setInterval(tick, 1000 / perSecond);
