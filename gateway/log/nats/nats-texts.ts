import { type KV, type KvEntry, KvWatchInclude } from '@nats-io/kv';
import type { SharedTexts } from '../log.ts';
import { isBeaten } from './epoch-record.ts';
import { asLogError } from './nats-place.ts';

interface Known {
  /** null where it was removed. */
  readonly text: string | null;
  readonly revision: number;
}

/** Small texts in a bucket, under names of any script, as they are at every gateway. */
export class NatsTexts implements SharedTexts {
  readonly #bucket: KV;
  readonly #prefix: string;
  readonly #known = new Map<string, Known>();
  #listener: (name: string, text: string | null) => void = () => {};

  /** With what the bucket holds under the prefix, and follows it from then on. */
  static async open(bucket: KV, prefix: string, onFault: (error: unknown) => void): Promise<NatsTexts> {
    const texts = new NatsTexts(bucket, prefix);
    const keys = `${prefix}.*`;
    const changes = await bucket.watch({ key: keys, include: KvWatchInclude.UpdatesOnly });
    for await (const key of await bucket.keys(keys)) {
      const entry = await bucket.get(key);
      if (entry !== null) texts.#take(entry);
    }
    const follow = async () => {
      for await (const entry of changes) {
        try {
          texts.#take(entry);
        } catch (error) {
          // A listener's fault is its own.
          onFault(error);
        }
      }
    };
    follow().catch(onFault);
    return texts;
  }

  private constructor(bucket: KV, prefix: string) {
    this.#bucket = bucket;
    this.#prefix = prefix;
  }

  all(): ReadonlyMap<string, string> {
    return new Map([...this.#known].flatMap(([name, { text }]) => (text === null ? [] : [[name, text]])));
  }

  onChange(listener: (name: string, text: string | null) => void): void {
    this.#listener = listener;
  }

  async set(name: string, text: string | null): Promise<boolean> {
    const key = `${this.#prefix}.${Buffer.from(name).toString('base64url')}`;
    const known = this.#known.get(name);
    try {
      if (text === null) {
        await this.#bucket.delete(key, { previousSeq: known?.revision ?? 0 });
        // Its revision comes with the change, where that has not come before the answer.
        if (this.#known.get(name) === known) this.#known.set(name, { text, revision: known?.revision ?? 0 });
        return true;
      }
      const isThere = known !== undefined && known.text !== null;
      const revision = await (isThere
        ? this.#bucket.update(key, text, known.revision)
        : this.#bucket.create(key, text));
      // Another gateway's next change may have come before the answer.
      if ((this.#known.get(name)?.revision ?? 0) < revision) this.#known.set(name, { text, revision });
      return true;
    } catch (error) {
      if (isBeaten(error)) return false;
      throw asLogError(error);
    }
  }

  #take(entry: KvEntry): void {
    const { key, operation, revision } = entry;
    const name = Buffer.from(key.slice(this.#prefix.length + 1), 'base64url').toString('utf8');
    const known = this.#known.get(name);
    if (known !== undefined && known.revision >= revision) return;
    const text = operation === 'PUT' ? entry.string() : null;
    this.#known.set(name, { text, revision });
    if (text !== (known?.text ?? null)) this.#listener(name, text);
  }
}
