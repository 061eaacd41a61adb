import type { GatewayParts } from '../gateway-parts.ts';

/**
 * Resolves where there is a table of that name, or one is to be: another gateway may have been told of it just now.
 *
 * @throws TablecastError `no_such_table`
 */
export async function knownTable({ store, log }: GatewayParts, name: string): Promise<void> {
  // It may have been taken, and not be stored yet.
  if (store.head(name) !== null) return;
  await log.shared?.caughtUp();
  store.table(name);
}
