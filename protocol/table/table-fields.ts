import { type Field, sameType, typeName } from '../arrow/data-type.ts';
import { TablecastError } from '../errors.ts';

/** How a publication's columns meet a table's. */
export interface FittedFields {
  /** The table's fields with the publication's new columns at the end; the same array where nothing changed. */
  readonly fields: readonly Field[];
  /** For each column of the table the publication's column, -1 where it has none. */
  readonly sources: readonly number[];
}

/**
 * Fits a publication's columns to a table's, by name; no two of one side have the same.
 *
 * @throws TablecastError `type_mismatch`
 */
export function fitFields(
  table: string,
  current: readonly Field[],
  incoming: readonly Field[],
  rowsExist: boolean,
): FittedFields {
  const sourceOf = new Map<string, number>();
  incoming.forEach((field, i) => {
    sourceOf.set(field.name, i);
  });
  const fields = current.map((field) => {
    const source = sourceOf.get(field.name);
    if (source === undefined) return field.nullable ? field : { ...field, nullable: true };
    sourceOf.delete(field.name);
    return fitted(table, field, incoming[source]!);
  });
  const added = [...sourceOf.values()].map((source) => nullableIf(incoming[source]!, rowsExist));
  const sources = [
    ...fields.map((field) => incoming.findIndex(({ name }) => name === field.name)),
    ...sourceOf.values(),
  ];
  const changed = added.length > 0 || fields.some((field, i) => field !== current[i]);
  return { fields: changed ? [...fields, ...added] : current, sources };
}

function fitted(table: string, field: Field, incoming: Field): Field {
  if (!sameType(field.type, incoming.type)) {
    throw new TablecastError(
      'type_mismatch',
      `The column "${field.name}" of "${table}" is ${typeName(field.type)}, the publication brings ${typeName(incoming.type)}.`,
    );
  }
  const nullable = field.nullable || incoming.nullable;
  const metadata =
    incoming.metadata.size > 0 && !sameMetadata(field, incoming) ? incoming.metadata : field.metadata;
  return nullable === field.nullable && metadata === field.metadata
    ? field
    : { ...field, nullable, metadata };
}

function nullableIf(field: Field, nullable: boolean): Field {
  return nullable && !field.nullable ? { ...field, nullable: true } : field;
}

function sameMetadata(a: Field, b: Field): boolean {
  return (
    a.metadata.size === b.metadata.size &&
    [...a.metadata].every(([name, value]) => b.metadata.get(name) === value)
  );
}

/** @throws TablecastError `missing_key_column` */
export function columnOf(table: string, fields: readonly Field[], name: string): number {
  const column = fields.findIndex((field) => field.name === name);
  if (column < 0) {
    throw new TablecastError(
      'missing_key_column',
      `The publication for "${table}" lacks the key column "${name}".`,
    );
  }
  return column;
}
