import { expect, test } from 'vitest';
import { gatewayRates, metricSums } from '../../../ui/terminal/metric-readings.ts';

const exposition = (rows: number) => `# HELP tablecast_viewers connected viewers
# TYPE tablecast_viewers gauge
tablecast_viewers{kind="live"} 2
tablecast_viewers{kind="events"} 1
tablecast_rows_total ${rows}
tablecast_viewer_queue_bytes 1e3
tablecast_table_rows{table="a} 9"} 5
`;

test('sums a metric over its labels', () => {
  const sums = metricSums(exposition(7));
  expect(Object.fromEntries(sums)).toEqual({
    tablecast_viewers: 3,
    tablecast_rows_total: 7,
    tablecast_viewer_queue_bytes: 1000,
    tablecast_table_rows: 5,
  });
});

test('makes rates of counts at two moments, and none below zero when a gateway starts anew', () => {
  const at = (atMs: number, rows: number) => ({ atMs, sums: metricSums(exposition(rows)) });
  expect(gatewayRates(at(0, 100), null).perSecond).toBeNull();
  expect(gatewayRates(at(2000, 300), at(0, 100))).toMatchObject({ viewers: 3, perSecond: { rows: 100 } });
  expect(gatewayRates(at(2000, 0), at(0, 100)).perSecond?.rows).toBe(0);
});
