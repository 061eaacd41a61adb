import type { ColumnMetadata, FromValuesOptions, Row } from '../../protocol/arrow/from-values.ts';
import type { HeaderInput } from '../producer.ts';

/** Rows to publish with their header. */
export interface Publication {
  readonly rows: readonly Row[];
  readonly header: HeaderInput;
}

/** One table of this machine's metrics: what it is called, how often it is read, and what a reading publishes. */
export interface SystemTable {
  readonly name: string;
  readonly intervalMs: number;
  /** From the start to the first reading; under half a second, so that a viewer sees the table at once. */
  readonly firstReadMs: number;
  /** The most of the time that reading may take: a table that is costly to read is read less often. */
  readonly maxDutyCycle: number;
  readonly columns: FromValuesOptions;
  /** Nothing where this platform has nothing to tell. */
  read(): Promise<readonly Publication[]>;
  /** All rows as of the last reading, for gateways that come late; undefined where the last publication was that. */
  whole(): readonly Row[] | undefined;
}

export type ColumnSpecs = Readonly<Record<string, ColumnMetadata & { readonly type: string }>>;

export function columnsOf(specs: ColumnSpecs): FromValuesOptions {
  const entries = Object.entries(specs);
  return {
    types: Object.fromEntries(entries.map(([name, { type }]) => [name, type])),
    metadata: Object.fromEntries(entries.map(([name, { type: _, ...metadata }]) => [name, metadata])),
  };
}

export const TIME = { type: 'timestamp[ms, UTC]', label: 'Time' } as const;

/** How long the tables of samples go back, here and in the gateway. */
export const SAMPLES_MAX_AGE_MS = 600_000;

export const SAMPLES_HEADER: HeaderInput = { op: 'append', retention: { max_age_ms: SAMPLES_MAX_AGE_MS } };

const BYTES_PER_GIB = 2 ** 30;

export function toGib(bytes: number): number {
  return round(bytes / BYTES_PER_GIB, 3);
}

export function round(value: number, digits: number): number {
  const scale = 10 ** digits;
  return Math.round(value * scale) / scale;
}
