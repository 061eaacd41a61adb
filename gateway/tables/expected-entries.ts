import type { LogEntry } from '../log/log.ts';
import type { Publication } from './publication.ts';

/** What was admitted and is not applied yet: a log may store for a while before it applies. */
export class ExpectedEntries {
  /** Publications, and whether they are held. */
  #publications = new WeakMap<Publication, { readonly held: boolean }>();
  /** Drops that the heads know of already. */
  #drops = new WeakSet<LogEntry>();
  #bytes = 0;
  #heldBytes = 0;

  /** Of all publications. */
  get bytes(): number {
    return this.#bytes;
  }

  get heldBytes(): number {
    return this.#heldBytes;
  }

  add(publication: Publication, held: boolean): void {
    this.#publications.set(publication, { held });
    this.#bytes += publication.byteLength;
    if (held) this.#heldBytes += publication.byteLength;
  }

  /** It is applied, or never will be; whether it was expected. */
  take(publication: Publication): boolean {
    const expected = this.#publications.get(publication);
    if (expected === undefined) return false;
    this.#publications.delete(publication);
    this.#bytes -= publication.byteLength;
    if (expected.held) this.#heldBytes -= publication.byteLength;
    return true;
  }

  addDrop(entry: LogEntry): void {
    this.#drops.add(entry);
  }

  takeDrop(entry: LogEntry): boolean {
    return this.#drops.delete(entry);
  }

  clear(): void {
    this.#publications = new WeakMap();
    this.#drops = new WeakSet();
    this.#bytes = 0;
    this.#heldBytes = 0;
  }
}
