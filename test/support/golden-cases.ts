import { existsSync, readdirSync, readFileSync } from 'node:fs';
import path from 'node:path';
import { gunzipSync } from 'node:zlib';
import { projectRoot } from '../../scripts/prepare/project.mjs';

const FOLDER = process.env.TABLECAST_ARROW_GOLDEN ?? path.resolve(projectRoot, '../shared/arrow-golden');
const FOLDERS = ['cpp-21.0.0', '4.0.0-shareddict', '2.0.0-compression'];

/** Whether the Arrow project's golden files are here; says so where they are not. */
export const areGoldenFilesThere = existsSync(FOLDER);
if (!areGoldenFilesThere)
  console.log('Skipped: the golden Arrow files (../shared/arrow-golden) are not here.');

/** One dataframe of the Arrow project's integration tests: as stream, as file, and as JSON. */
export interface GoldenCase {
  readonly name: string;
  readonly stream: Uint8Array;
  readonly file: Uint8Array;
  readonly json: () => string;
}

export function goldenCases(): GoldenCase[] {
  return areGoldenFilesThere ? FOLDERS.flatMap(casesIn) : [];
}

function casesIn(folder: string): GoldenCase[] {
  const at = path.join(FOLDER, folder);
  const names = readdirSync(at).filter((name) => name.endsWith('.stream'));
  return names.map((file) => {
    const stem = path.join(at, file.slice(0, -'.stream'.length));
    return {
      name: `${folder}/${path.basename(stem)}`,
      stream: readFileSync(`${stem}.stream`),
      file: readFileSync(`${stem}.arrow_file`),
      json: () => gunzipSync(readFileSync(`${stem}.json.gz`)).toString('utf8'),
    };
  });
}
