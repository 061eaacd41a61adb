// Spawned programs run from dist, so dist has to be the code under test.
import { ensureBuilt } from '../../scripts/prepare/prepare.mjs';

export async function setup(): Promise<void> {
  await ensureBuilt();
}
