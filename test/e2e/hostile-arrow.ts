import {
  Field,
  Float64,
  makeData,
  RecordBatch,
  Schema,
  Struct,
  Table,
  tableToIPC,
  Utf8,
  vectorFromArray,
} from 'apache-arrow';

export interface HostileColumn {
  readonly name: string;
  readonly values: readonly (string | number)[];
  /** Field metadata: `label`, `unit`, `format`, or whatever else. */
  readonly metadata?: ReadonlyMap<string, string>;
}

/** A stream with columns of any name, `__proto__` and the empty one included; numbers are float64. */
export function columnsToArrow(columns: readonly HostileColumn[]): Uint8Array {
  const fields = columns.map(({ name, values, metadata }) => {
    const type = typeof values[0] === 'number' ? new Float64() : new Utf8();
    return new Field(name, type, true, new Map(metadata));
  });
  const children = columns.map(({ values }, i) => vectorFromArray([...values], fields[i]!.type).data[0]!);
  const length = columns[0]?.values.length ?? 0;
  const data = makeData({ type: new Struct(fields), length, nullCount: 0, children });
  return tableToIPC(new Table([new RecordBatch(new Schema(fields), data)]), 'stream');
}
