import { existsSync, readdirSync, readFileSync } from 'node:fs';
import path from 'node:path';

const FOLDER =
  process.env.TABLECAST_ARROW_GOLDEN ?? path.resolve(import.meta.dirname, '../../../shared/arrow-golden');
const READABLE = ['cpp-21.0.0', '4.0.0-shareddict'];

/** Streams and files of the Arrow project, up to `maxBytes` each; none where they are not beside this repository. */
export function goldenMessages(maxBytes: number): Uint8Array[] {
  if (!existsSync(FOLDER)) {
    console.log(`Skipped: the golden Arrow files (${FOLDER}) are not here.`);
    return [];
  }
  return READABLE.flatMap((folder) =>
    readdirSync(path.join(FOLDER, folder))
      .filter((name) => name.endsWith('.stream') || name.endsWith('.arrow_file'))
      .map((name) => new Uint8Array(readFileSync(path.join(FOLDER, folder, name)))),
  ).filter((bytes) => bytes.length <= maxBytes);
}
