import { conditionText } from '../../protocol/condition/threshold.ts';
import type { ThresholdEvent } from './threshold-monitor.ts';

/** A call's JSON; values have all their digits, as `GET /tables/NAME.json` writes them. */
export function webhookBody(event: ThresholdEvent): string {
  const { owner, threshold, state, key, row, value, version, atMs } = event;
  const members: readonly (readonly [string, string])[] = [
    ['text', JSON.stringify(sentence(event))],
    ['dashboard', JSON.stringify(owner)],
    ['table', JSON.stringify(threshold.table)],
    ['column', JSON.stringify(threshold.column)],
    ['condition', JSON.stringify(conditionText(threshold))],
    ['level', JSON.stringify(threshold.level)],
    ['state', JSON.stringify(state)],
    ['key', key === null ? 'null' : object(key.map(({ column, json }) => [column, json]))],
    ['row', row === null ? 'null' : String(row)],
    ['value', value?.json ?? 'null'],
    ['version', String(version)],
    ['at_ms', String(atMs)],
  ];
  return object(members);
}

function object(members: readonly (readonly [string, string])[]): string {
  return `{${members.map(([name, json]) => `${JSON.stringify(name)}:${json}`).join(',')}}`;
}

/** For people: chat programs show it as it is. */
function sentence({ owner, threshold, state, key, row, value }: ThresholdEvent): string {
  const { table, column, level } = threshold;
  const which = key === null ? (row === null ? '' : ` (row ${row})`) : ` (${key.map(textOf).join(', ')})`;
  const now = value === null ? '' : `: ${value.text ?? 'no value'}`;
  const word = state === 'started' ? level : `${level} over`;
  return `${word}: ${table}.${column} ${conditionText(threshold)}${which}${now} [${owner}]`;
}

function textOf({ column, text }: { readonly column: string; readonly text: string | null }): string {
  return `${column} ${text ?? 'none'}`;
}
