import { readIpc } from '../../../protocol/arrow/read-ipc.ts';
import { toTablecastError } from '../../../protocol/errors.ts';
import { admit, type TableHead } from '../../tables/admission.ts';
import type { Publication } from '../../tables/publication.ts';
import type { TableSchemas } from '../../tables/table-schemas.ts';
import { entryRecord, publicationOf, type StoredPublication } from '../entry-codec.ts';
import type { LogEntry, Refused } from '../log.ts';
import type { LogRecord } from '../log-record.ts';

/** A publication in a record of a shared log: its operation and key as its header gave them. */
type OfferedPublication = Omit<StoredPublication, 'op' | 'key'> &
  Partial<Pick<StoredPublication, 'op' | 'key'>>;

interface OfferedEntry {
  readonly publications: readonly OfferedPublication[];
  readonly commit: LogEntry['commit'];
}

/** An entry of offered publications as it is stored. */
export function offeredRecord(entry: LogEntry): LogRecord {
  const { header, blobs } = entryRecord(entry);
  const stored = header as { readonly publications: readonly StoredPublication[] };
  const publications = stored.publications.map(({ op: _op, key: _key, ...rest }, i) => ({
    ...rest,
    ...entry.publications[i]!.asked,
  }));
  return { header: { publications, commit: entry.commit }, blobs };
}

/** The entry of offered publications in a record. `schemas` are those of the records before. @throws what reading Arrow throws, where it is none of {@link offeredRecord} */
export function readOffered({ header, blobs }: LogRecord, schemas: TableSchemas): LogEntry {
  const { publications, commit } = header as OfferedEntry;
  return {
    publications: publications.map(({ op, key, ...rest }, i) => {
      const stored = { ...rest, op: op ?? 'replace', key: key ?? null };
      const asked = { ...(op === undefined ? {} : { op }), ...(key == null ? {} : { key }) };
      return { ...publicationOf(stored, readIpc(blobs[i]!, schemas.of(rest.table)), null), asked };
    }),
    commit,
  };
}

export interface SettledEntry {
  readonly entry: LogEntry;
  readonly refused: readonly Refused[];
  readonly old: readonly Publication[];
}

/**
 * Admits an entry's offered publications against what the entries before it have made of their tables. What does not fit is
 * left out, and touches no table: a table of which nothing is left is not committed, and an entry of which nothing is left
 * makes no version. What is `old` came before, by way of another gateway: it is left out too, and is no refusal, whatever has become
 * of its table since.
 */
export function settleEntry(
  entry: LogEntry,
  headOf: (table: string) => TableHead | null,
  isNews: (publication: Publication) => boolean = () => true,
): SettledEntry {
  const heads = new Map<string, TableHead | null>();
  const publications: Publication[] = [];
  const refused: Refused[] = [];
  const old: Publication[] = [];
  for (const publication of entry.publications) {
    const { table, asked = {} } = publication;
    const before = heads.has(table) ? (heads.get(table) ?? null) : headOf(table);
    try {
      const admitted = admit(table, asked, publication, before);
      const settled = { ...publication, ...admitted };
      if (!isNews(settled)) {
        old.push(settled);
        continue;
      }
      if (admitted.head !== null) heads.set(table, admitted.head);
      publications.push(settled);
    } catch (thrown) {
      const unsettled = { ...publication, key: publication.key ?? before?.key ?? null };
      if (isNews(unsettled)) refused.push({ publication, error: toTablecastError(thrown) });
      else old.push(unsettled);
    }
  }
  if (publications.length === entry.publications.length)
    return { entry: { publications, commit: entry.commit }, refused, old };
  return { entry: { publications, commit: commitOfRest(entry, publications) }, refused, old };
}

function commitOfRest({ commit, publications }: LogEntry, left: readonly Publication[]): LogEntry['commit'] {
  if (commit === null || commit.scope.type !== 'stage') return commit;
  const had = new Set(publications.map(({ table }) => table));
  const has = new Set(left.map(({ table }) => table));
  const tables = commit.scope.tables.filter((table) => has.has(table) || !had.has(table));
  return tables.length === 0 ? null : { ...commit, scope: { type: 'stage', tables } };
}
