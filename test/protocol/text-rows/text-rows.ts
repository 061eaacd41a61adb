import { cellJson } from '../../../protocol/arrow/cell-text.ts';
import { type Field, typeName } from '../../../protocol/arrow/data-type.ts';
import { type IpcTable, readIpc } from '../../../protocol/arrow/read-ipc.ts';
import { TablecastError } from '../../../protocol/errors.ts';
import {
  type TextFormat,
  type TextRowsTarget,
  textRowsToArrow,
} from '../../../protocol/text-rows/text-rows-to-arrow.ts';

const NEW_TABLE: TextRowsTarget = { fields: [], types: 'required', neverLeftOut: null };

export function readText(
  format: TextFormat,
  text: string | Uint8Array,
  target: Partial<TextRowsTarget> = {},
): IpcTable {
  const bytes = typeof text === 'string' ? new TextEncoder().encode(text) : text;
  return readIpc(textRowsToArrow(bytes, format, { ...NEW_TABLE, ...target }));
}

export function typesOf({ fields }: IpcTable): Record<string, string> {
  return Object.fromEntries(fields.map(({ name, type }) => [name, typeName(type)]));
}

/** By column the cells' JSON, which keeps all digits. */
export function cellsOf({ fields, batches }: IpcTable): Record<string, string[]> {
  return Object.fromEntries(
    fields.map(({ name, type }, i) => [
      name,
      batches.flatMap(({ rowCount, columns }) =>
        Array.from({ length: rowCount }, (_, row) => cellJson(type, columns[i], row)),
      ),
    ]),
  );
}

export function fieldOf(name: string, type: Field['type']): Field {
  return { name, type, nullable: true, metadata: new Map() };
}

/** `code: detail` of what it throws. */
export function refusalOf(work: () => unknown): string {
  try {
    work();
  } catch (thrown) {
    if (thrown instanceof TablecastError) return `${thrown.code}: ${thrown.message}`;
    throw thrown;
  }
  return 'taken';
}
