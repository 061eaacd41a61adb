import type { KV } from '@nats-io/kv';

interface EpochRecord {
  readonly epoch: string;
  /** When the stream was made that the epoch belongs to. */
  readonly created: string;
}

const KEY = 'epoch';

/**
 * The epoch of a stream, agreed on by all gateways: the first one's. A stream that was made anew and is empty has a new one.
 */
export async function agreeOnEpoch(
  bucket: KV,
  stream: { readonly created: string; readonly isEmpty: boolean },
  createEpoch: () => string,
): Promise<string> {
  for (;;) {
    const found = await bucket.get(KEY);
    const isThere = found !== null && found.operation === 'PUT';
    const record = isThere ? found.json<EpochRecord>() : null;
    if (record !== null && (record.created === stream.created || !stream.isEmpty)) return record.epoch;
    const text = JSON.stringify({ epoch: createEpoch(), created: stream.created } satisfies EpochRecord);
    // Another may be faster; then there is one to be found.
    await (isThere ? bucket.update(KEY, text, found.revision) : bucket.create(KEY, text)).catch(
      rethrowUnlessBeaten,
    );
  }
}

/** The epoch as it is now; null where none was ever agreed on. */
export async function presentEpoch(bucket: KV): Promise<string | null> {
  const found = await bucket.get(KEY);
  return found === null || found.operation !== 'PUT' ? null : found.json<EpochRecord>().epoch;
}

/** The stream holds less than a gateway has folded: from here on versions are others'. Whoever is first names the new epoch. */
export async function endEpoch(bucket: KV, epoch: string, createEpoch: () => string): Promise<void> {
  const found = await bucket.get(KEY);
  const record = found?.json<EpochRecord>();
  if (record === undefined || record.epoch !== epoch) return;
  const text = JSON.stringify({ ...record, epoch: createEpoch() });
  await bucket.update(KEY, text, found!.revision).catch(rethrowUnlessBeaten);
}

/** JetStream: another message stands last on the subject. */
const WRONG_LAST_SEQUENCE = [10071, 10164];

/** Whether another was faster to change the value. */
export function isBeaten(error: unknown): boolean {
  return error instanceof Error && 'code' in error && WRONG_LAST_SEQUENCE.includes(Number(error.code));
}

function rethrowUnlessBeaten(error: unknown): void {
  if (!isBeaten(error)) throw error;
}
