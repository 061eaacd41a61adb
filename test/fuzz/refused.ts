import { TablecastError } from '../../protocol/errors.ts';

/** What `work` makes; null where it refuses with a code. A fault of the program itself is no refusal. */
export function madeOrRefused<T>(work: () => T): T | null {
  try {
    return work();
  } catch (thrown) {
    if (thrown instanceof TablecastError && thrown.code !== 'internal') return null;
    throw thrown;
  }
}
