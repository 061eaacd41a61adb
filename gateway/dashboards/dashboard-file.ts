import { readFileSync } from 'node:fs';
import { open, rename } from 'node:fs/promises';
import { join } from 'node:path';
import { type Static, Type } from 'typebox';
import { Value } from 'typebox/value';
import { TablecastError } from '../../protocol/errors.ts';
import type { DashboardPlace, SavedText } from './dashboard-place.ts';

const FILE_NAME = 'dashboards.json';
/** Of the file; another one is another program's. */
const FORMAT = 1;

const FileSchema = Type.Object({
  format: Type.Literal(FORMAT),
  dashboards: Type.Array(
    Type.Object({ name: Type.String(), saved_at_ms: Type.Number(), text: Type.String() }),
  ),
});

/**
 * All dashboards as one file of a data directory, which is replaced whole: written beside it, flushed, and renamed. People
 * save seldom and little, so this is as safe as the log's database and needs no thread, and the file can be read,
 * copied and put back by hand. The directory is locked by the log.
 */
export class DashboardFile implements DashboardPlace {
  readonly #directory: string;

  constructor(directory: string) {
    this.#directory = directory;
  }

  get #path(): string {
    return join(this.#directory, FILE_NAME);
  }

  /** @throws TablecastError `data_dir_damaged` */
  read(): SavedText[] {
    let text: string;
    try {
      text = readFileSync(this.#path, 'utf8');
    } catch (cause) {
      if (cause instanceof Error && 'code' in cause && cause.code === 'ENOENT') return [];
      throw this.damaged(cause);
    }
    const file = this.#parse(text);
    return file.dashboards.map(({ name, text, saved_at_ms }) => ({ name, text, savedAtMs: saved_at_ms }));
  }

  #parse(text: string): Static<typeof FileSchema> {
    try {
      const json: unknown = JSON.parse(text);
      if (Value.Check(FileSchema, json)) return json;
    } catch (cause) {
      throw this.damaged(cause);
    }
    throw this.damaged(null);
  }

  /** @throws TablecastError `log_write_failed`; then the file is as it was */
  async write(dashboards: readonly SavedText[]): Promise<void> {
    const json: Static<typeof FileSchema> = {
      format: FORMAT,
      dashboards: dashboards.map(({ name, text, savedAtMs }) => ({ name, saved_at_ms: savedAtMs, text })),
    };
    const beside = `${this.#path}.new`;
    try {
      const file = await open(beside, 'w', 0o600);
      try {
        await file.writeFile(JSON.stringify(json));
        await file.sync();
      } finally {
        await file.close();
      }
      await rename(beside, this.#path);
      await flushDirectory(this.#directory);
    } catch (cause) {
      const reason = cause instanceof Error ? cause.message : String(cause);
      throw new TablecastError(
        'log_write_failed',
        `${this.#path} cannot be written (${reason}); nothing is saved.`,
        { cause },
      );
    }
  }

  /** What it holds cannot be used. */
  damaged(cause: unknown): TablecastError {
    return new TablecastError(
      'data_dir_damaged',
      `${this.#path} holds no dashboards; put a copy in its place, or move it away to begin without any.`,
      { cause },
    );
  }
}

/** The new name lasts once its directory is flushed; Windows has no such call. */
async function flushDirectory(path: string): Promise<void> {
  if (process.platform === 'win32') return;
  const directory = await open(path, 'r');
  try {
    await directory.sync();
  } finally {
    await directory.close();
  }
}
