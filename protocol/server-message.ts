import { TablecastError } from './errors.ts';
import type { ChangeHeader, ServerMessage } from './server-message-schema.ts';

export type { ChangeHeader, CommitMessage, ServerMessage } from './server-message-schema.ts';

/** @throws TablecastError `bad_message` */
export function parseServerMessage(text: string): ServerMessage {
  let json: unknown;
  try {
    json = JSON.parse(text);
  } catch (cause) {
    throw new TablecastError('bad_message', 'The message is not JSON.', { cause });
  }
  if (!isServerMessage(json)) {
    throw new TablecastError('bad_message', 'The message is none of the documented server messages.');
  }
  return json;
}

/** Whether the schema holds. Written out, because the schema's library is larger than all else that a viewer loads. */
export function isServerMessage(json: unknown): json is ServerMessage {
  if (!isRecord(json)) return false;
  switch (json.type) {
    case 'hello':
      return isText(json.epoch) && isCount(json.version);
    case 'commit':
      return (
        isText(json.epoch) &&
        isCount(json.version) &&
        (json.listed === undefined || isCount(json.listed)) &&
        Array.isArray(json.changes) &&
        json.changes.every(isChangeHeader)
      );
    case 'heartbeat':
      return isCount(json.version);
    case 'error':
      return isText(json.code) && isText(json.detail);
    default:
      return false;
  }
}

function isChangeHeader(json: unknown): json is ChangeHeader {
  if (!isRecord(json)) return false;
  if (!isText(json.table) || !isCount(json.rows) || typeof json.snapshot !== 'boolean') return false;
  switch (json.op) {
    case 'append':
    case 'replace':
      return (
        (json.drop_first === undefined || isCount(json.drop_first)) &&
        (json.key === undefined || isKey(json.key)) &&
        isChart(json.chart)
      );
    case 'upsert':
    case 'delete':
      return isKey(json.key) && isChart(json.chart);
    case 'drop':
      return true;
    default:
      return false;
  }
}

function isKey(value: unknown): boolean {
  return Array.isArray(value) && value.length > 0 && value.every(isText);
}

function isChart(value: unknown): boolean {
  return value === undefined || value === null || (isRecord(value) && !Array.isArray(value));
}

function isText(value: unknown): value is string {
  return typeof value === 'string';
}

function isCount(value: unknown): boolean {
  return typeof value === 'number' && Number.isInteger(value) && value >= 0;
}

function isRecord(value: unknown): value is Record<string, unknown> {
  return typeof value === 'object' && value !== null;
}
