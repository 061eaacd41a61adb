import { existsSync } from 'node:fs';
import { join } from 'node:path';
import { TablecastError } from '../../../protocol/errors.ts';
import { cutStore } from '../../tables/table-state.ts';
import { TableStore } from '../../tables/table-store.ts';
import { checkDataFile } from '../data-file.ts';
import { lockDirectory } from '../directory-lock.ts';
import { createLocalLogStore } from '../local-log-store.ts';
import type { LogServers } from '../log-servers.ts';
import { replay } from '../replay.ts';
import { openNatsLink } from './nats-link.ts';
import { asLogError, openPlace } from './nats-place.ts';

export interface CopyLogOptions {
  /** A data directory that no gateway uses. */
  readonly path: string;
  readonly servers: LogServers;
  readonly name: string;
  readonly replicas: number;
}

export interface CopiedLog {
  readonly epoch: string;
  readonly version: number;
  readonly tables: number;
  readonly bytes: number;
}

const SNAPSHOT_PIECE_BYTES = 1024 * 1024;
const NO_LIMIT = Number.POSITIVE_INFINITY;

/**
 * Begins a shared log with what a data directory holds: its tables, stages, versions and epoch, as the log's first snapshot. The
 * directory stays as it is.
 *
 * @throws TablecastError `bad_data_dir`, `data_dir_damaged`, `data_dir_in_use`, `log_unavailable`, `bad_parameter` where the stream
 * has something already
 */
export async function copyLog(options: CopyLogOptions): Promise<CopiedLog> {
  if (!existsSync(join(options.path, 'data.mdb')))
    throw new TablecastError('bad_data_dir', `${options.path} is no data directory of a gateway.`);
  checkDataFile(options.path);
  const lock = await lockDirectory(options.path);
  const directory = createLocalLogStore({ path: options.path, sync: 'always' });
  try {
    const stored = await directory.open();
    const store = emptyStore();
    await replay(directory, stored, store);
    return await begin(options, stored.epoch, store);
  } finally {
    await directory.close();
    await lock.release();
  }
}

function emptyStore(): TableStore {
  return new TableStore({
    history: { maxAgeMs: NO_LIMIT, maxBytes: NO_LIMIT },
    maxTables: NO_LIMIT,
    maxStagedBytes: NO_LIMIT,
    maxMemoryBytes: NO_LIMIT,
  });
}

async function begin(
  { servers, name, replicas }: CopyLogOptions,
  epoch: string,
  store: TableStore,
): Promise<CopiedLog> {
  const link = await openNatsLink(servers);
  try {
    const place = await openPlace(link, { name, replicas, createEpoch: () => epoch });
    const snapshot = place.snapshots.find(place.state, await place.snapshots.list());
    if (snapshot !== null || place.state.last_seq > 0 || place.epoch !== epoch) {
      throw new TablecastError(
        'bad_parameter',
        `The stream ${name} has a log already; name another with --log-stream, or remove that one and its buckets.`,
      );
    }
    const cursor = { foldedSequence: 0, readFrom: 1, senders: [] };
    const bytes = await place.snapshots.save(cutStore(store, SNAPSHOT_PIECE_BYTES), cursor, 'copy');
    return { epoch, version: store.version, tables: store.tables.size, bytes };
  } catch (error) {
    throw asLogError(error);
  } finally {
    await link.close();
  }
}
