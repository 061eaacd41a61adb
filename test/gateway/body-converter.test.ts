import { afterEach, describe, expect, test } from 'vitest';
import { BodyConverter, type BodyConverterOptions } from '../../gateway/bodies/body-converter.ts';
import type { BodyJob } from '../../gateway/bodies/body-job.ts';
import { cellText } from '../../protocol/arrow/cell-text.ts';
import { isCompressed } from '../../protocol/arrow/is-compressed.ts';
import { readIpc } from '../../protocol/arrow/read-ipc.ts';
import { TablecastError } from '../../protocol/errors.ts';
import { contentOf, FRAMES, type Frame } from '../protocol/compression/frames.ts';
import { compressedBytes } from '../support/hostile-messages.ts';

const CSV = 'a\n1\n2\n';
const converters: BodyConverter[] = [];

afterEach(async () => {
  for (const converter of converters.splice(0)) await converter.close();
});

/** A thread that runs this code for each job, and answers with `answer(value)`. */
function threadOf(code: string): URL {
  const module = `
    import { parentPort } from 'node:worker_threads';
    const answer = (value) => parentPort.postMessage(value);
    const done = (job) => answer({ type: 'converted', arrow: job.body, body: job.body });
    parentPort.on('message', (job) => { ${code} });`;
  return new URL(`data:text/javascript,${encodeURIComponent(module)}`);
}

function converterOf(code: string, options: BodyConverterOptions = {}): BodyConverter {
  const converter = new BodyConverter({
    minThreadBytes: 1,
    module: threadOf(code),
    maxHeapMib: 32,
    ...options,
  });
  converters.push(converter);
  return converter;
}

function jobOf(text = CSV): BodyJob {
  return {
    body: new TextEncoder().encode(text),
    format: 'csv',
    target: { fields: [], types: 'required', neverLeftOut: null },
  };
}

function bytesOf({ codec, byteLength, frame }: Frame): Uint8Array<ArrayBuffer> {
  const declaredBytes = BigInt(byteLength);
  return Uint8Array.from(
    compressedBytes({ codec: codec === 'lz4' ? 0 : 1, declaredBytes, frame: Buffer.from(frame, 'base64') }),
  );
}

async function codeOf(work: Promise<unknown>): Promise<string> {
  try {
    await work;
  } catch (thrown) {
    if (thrown instanceof TablecastError) return thrown.code;
    throw thrown;
  }
  return 'converted';
}

describe('body converter', () => {
  test('converts small bodies without a thread', async () => {
    const converter = converterOf('process.exit(1)', { minThreadBytes: 1000 });
    const { arrow, body } = await converter.convert(jobOf());
    expect(readIpc(arrow).rowCount).toBe(2);
    expect(new TextDecoder().decode(body)).toBe(CSV);
    expect(await codeOf(converter.convert(jobOf('a\n1,2\n')))).toBe('bad_body');
  });

  test('hands larger ones over, in memory of their own, and gives them back', async () => {
    const converter = converterOf('done(job)');
    const pooled = new Uint8Array(64);
    pooled.set(new TextEncoder().encode(CSV), 8);
    const body = pooled.subarray(8, 8 + CSV.length);
    const converted = await converter.convert({ ...jobOf(), body });
    expect(new TextDecoder().decode(converted.body)).toBe(CSV);
    expect(pooled.length).toBe(64);
    const job = jobOf();
    await converter.convert(job);
    expect(job.body.length).toBe(0);
  });

  test('decodes compressed Arrow, up to the limit of a publication', async () => {
    const converter = converterOf('process.exit(1)', { minThreadBytes: 1_000_000 });
    const [words] = FRAMES.filter(({ codec, content }) => codec === 'lz4' && content === 'words');
    const [zeros] = FRAMES.filter(({ codec, content }) => codec === 'zstd' && content === 'zeros');
    const jobOfFrame = (frame: Frame, maxDecodedBytes: number) =>
      ({ format: 'arrow', maxDecodedBytes, body: bytesOf(frame) }) as const;
    const { arrow } = await converter.convert(jobOfFrame(words!, 1_000_000));
    expect(isCompressed(bytesOf(words!))).toBe(true);
    expect(isCompressed(arrow)).toBe(false);
    const { fields, batches } = readIpc(arrow);
    expect(cellText(fields[0]!.type, batches[0]!.columns[0], 0)).toBe(
      Buffer.from(contentOf(words!)).toString(),
    );
    expect(await codeOf(converter.convert(jobOfFrame(zeros!, 100_000)))).toBe('too_large');
  });

  test('answers with what the thread refuses', async () => {
    const converter = converterOf(`answer({ type: 'refused', code: 'bad_value', detail: 'Row 1.' })`);
    await expect(converter.convert(jobOf())).rejects.toMatchObject({ code: 'bad_value', message: 'Row 1.' });
  });

  test.each([
    ['ends', 'process.exit(1)', 'internal'],
    ['throws', 'throw new Error("no")', 'internal'],
    ['runs out of memory', 'const all = []; for (;;) all.push(new Array(1e6).fill(job))', 'too_large'],
  ])('a thread that %s fails its job alone; those that wait are converted', async (_, crash, code) => {
    const converter = converterOf(`if (job.body[0] === 33) { ${crash} } else done(job)`);
    const results = ['!', CSV, '!', CSV].map((text) => codeOf(converter.convert(jobOf(text))));
    expect(await Promise.all(results)).toEqual([code, 'converted', code, 'converted']);
  });

  test('a thread that cannot start fails each job', async () => {
    const converter = converterOf('', { module: new URL('file:///there/is/no/worker.js') });
    for (let i = 0; i < 2; i++) expect(await codeOf(converter.convert(jobOf()))).toBe('internal');
  });

  test('refuses what waits beyond its bounds as busy', async () => {
    const byCount = converterOf('done(job)', { maxWaiting: 2 });
    const counted = Array.from({ length: 4 }, () => codeOf(byCount.convert(jobOf())));
    expect(await Promise.all(counted)).toEqual(['converted', 'converted', 'converted', 'busy']);
    const byBytes = converterOf('done(job)', { maxWaitingBytes: CSV.length + 1 });
    const weighed = Array.from({ length: 3 }, () => codeOf(byBytes.convert(jobOf())));
    expect(await Promise.all(weighed)).toEqual(['converted', 'converted', 'busy']);
    expect(await codeOf(byBytes.convert(jobOf()))).toBe('converted');
  });

  test('closing fails what runs and what waits as shutting_down, and what comes later', async () => {
    const converter = converterOf('/* never answers */');
    const results = [jobOf(), jobOf()].map((job) => codeOf(converter.convert(job)));
    await converter.close();
    expect(await Promise.all(results)).toEqual(['shutting_down', 'shutting_down']);
    expect(await codeOf(converter.convert(jobOf()))).toBe('shutting_down');
    await converter.close();
  });
});
