import { parseClientMessage } from '../../protocol/client-message.ts';
import { parseHeaderFrame } from '../../protocol/header.ts';
import { decodeTopic, parseTableName } from '../../protocol/table-name.ts';
import { madeOrRefused } from './refused.ts';
import type { FuzzTarget } from './run-fuzz.ts';

const bytesOf = (json: unknown): Uint8Array =>
  new TextEncoder().encode(typeof json === 'string' ? json : JSON.stringify(json));

const HEADERS = [
  { op: 'upsert', key: ['symbol'], retention: { max_rows: 100000 } },
  { op: 'replace', key: 'k', commit: 'hold', run: 'r-1', seq: 17, snapshot: true, sent_at_ms: 1.5 },
  { op: 'append', commit: 'auto', retention: { max_age_ms: 10, max_bytes: 1e6 } },
  { op: 'delete', key: ['a', 'b'], retention: null, chart: null },
  {
    chart: {
      title: { text: 'a' },
      xAxis: { type: 'category' },
      series: [{ type: 'line', encode: { x: 'time', y: ['load', 'idle'] }, data: [1, [2, 3]] }],
    },
  },
  {},
];

const CLIENT_MESSAGES = [
  { type: 'subscribe', tables: ['prices', 'orders'] },
  { type: 'subscribe', tables: '*', since: { epoch: '5f0c', version: 41 }, renders: true },
  { type: 'unsubscribe', tables: ['orders'] },
  { type: 'rendered', version: 42 },
  { type: 'taken', version: 3 },
  { type: 'visibility', visible: false },
];

/** The small messages that are parsed before anything else is looked at. */
export const messageTargets: readonly FuzzTarget[] = [
  {
    name: 'header',
    kind: 'text',
    seeds: HEADERS.map(bytesOf),
    take: (bytes) => madeOrRefused(() => parseHeaderFrame(bytes)),
    check: (made, bytes) => checkHeader(made as Readonly<Record<string, unknown>>, bytes),
  },
  {
    name: 'client-message',
    kind: 'text',
    seeds: CLIENT_MESSAGES.map(bytesOf),
    take: (bytes) => madeOrRefused(() => parseClientMessage(Buffer.from(bytes).toString('utf8'))),
    check: (made, bytes) => same(made, JSON.parse(Buffer.from(bytes).toString('utf8'))),
  },
  {
    name: 'table-name',
    kind: 'text',
    seeds: ['cpu', 'prices.eu-west_1', 'température', '表'].map(bytesOf),
    take: (bytes) => madeOrRefused(() => parseTableName(decodeTopic(bytes))),
    check: (made, bytes) =>
      same(Buffer.from(made as string).toString('hex'), Buffer.from(bytes).toString('hex')),
  },
];

/** What stands in a header that was taken is what its JSON says; `key` may be one text, charts are cleaned. */
function checkHeader(made: Readonly<Record<string, unknown>>, bytes: Uint8Array): void {
  if (bytes.length === 0) return same(made, {});
  const json = JSON.parse(new TextDecoder().decode(bytes)) as Record<string, unknown>;
  for (const name of ['op', 'commit', 'retention', 'run', 'seq', 'snapshot', 'sent_at_ms'])
    same(made[name], json[name]);
  same(made.key, json.key === undefined ? undefined : [json.key].flat());
  same('chart' in made, json.chart !== undefined);
}

function same(found: unknown, expected: unknown): void {
  if (JSON.stringify(found) !== JSON.stringify(expected))
    throw new Error(`${JSON.stringify(found)} instead of ${JSON.stringify(expected)}`);
}
