import type { DataType, Field } from './arrow/data-type.ts';

/** The column's name for people: its `label`, else its name. */
export function columnLabel(field: Field): string {
  return field.metadata.get('label') ?? field.name;
}

export function columnUnit(field: Field): string | null {
  return field.metadata.get('unit') ?? null;
}

export function isNumeric(type: DataType): boolean {
  return type.kind === 'int' || type.kind === 'float' || type.kind === 'decimal';
}

export function isTime(type: DataType): boolean {
  return type.kind === 'timestamp' || type.kind === 'date';
}
