import { readIpc, SchemaCache } from '../../protocol/arrow/read-ipc.ts';
import { IpcWriter } from '../../protocol/arrow/write-ipc.ts';
import { type ErrorCode, toTablecastError } from '../../protocol/errors.ts';
import {
  type TextFormat,
  type TextRowsTarget,
  textRowsToArrow,
} from '../../protocol/text-rows/text-rows-to-arrow.ts';

/**
 * A body that is to become an Arrow stream without compression. It is handed over between threads, not copied: who sends it has it
 * no more.
 */
export type BodyJob = TextJob | ArrowJob;

export interface TextJob {
  readonly body: Uint8Array<ArrayBuffer>;
  readonly format: TextFormat;
  readonly target: TextRowsTarget;
}

/** Compressed Arrow, stream or file. */
export interface ArrowJob {
  readonly body: Uint8Array<ArrayBuffer>;
  readonly format: 'arrow';
  readonly maxDecodedBytes: number;
}

/** The body comes back with its Arrow stream, so that it can be converted once more where the table has changed meanwhile. */
export interface ConvertedBody {
  readonly arrow: Uint8Array<ArrayBuffer>;
  readonly body: Uint8Array<ArrayBuffer>;
}

export type BodyAnswer =
  | ({ readonly type: 'converted' } & ConvertedBody)
  | { readonly type: 'refused'; readonly code: ErrorCode; readonly detail: string };

export function answerJob(job: BodyJob): BodyAnswer {
  try {
    return { type: 'converted', arrow: arrowOf(job), body: job.body };
  } catch (thrown) {
    const { code, message } = toTablecastError(thrown);
    return { type: 'refused', code, detail: message };
  }
}

function arrowOf(job: BodyJob): Uint8Array<ArrayBuffer> {
  if (job.format !== 'arrow') return textRowsToArrow(job.body, job.format, job.target);
  const { fields, batches } = readIpc(job.body, new SchemaCache(), job.maxDecodedBytes);
  return new IpcWriter(fields).stream(batches);
}
