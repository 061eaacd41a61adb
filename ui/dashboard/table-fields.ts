import type { Field } from '../../protocol/arrow/data-type.ts';
import { readIpc } from '../../protocol/arrow/read-ipc.ts';
import type { LiveTable } from '../../protocol/table/live-table.ts';

/** A table's columns; null while they are not known: `onCome` is called once they are. */
export type TableFields = (table: string, onCome: () => void) => readonly Field[] | null;

/** Columns of the tables that are on the page, and of others as the gateway tells them when they are first asked for. */
export function createTableFields(
  tables: ReadonlyMap<string, Pick<LiveTable, 'fields'>>,
  fetch: (input: string) => Promise<Response>,
): TableFields {
  const found = new Map<string, readonly Field[] | null>();

  async function ask(table: string): Promise<readonly Field[] | null> {
    const response = await fetch(`tables/${encodeURIComponent(table)}.arrow?limit=0`);
    return response.ok ? readIpc(new Uint8Array(await response.arrayBuffer())).fields : null;
  }

  return (table, onCome) => {
    const fields = tables.get(table)?.fields ?? found.get(table);
    if (fields !== undefined) return fields;
    found.set(table, null);
    void ask(table)
      .then((came) => {
        found.set(table, came);
        if (came !== null) onCome();
      })
      // Asked again with the form's next opening.
      .catch(() => {});
    return null;
  };
}
