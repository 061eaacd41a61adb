import { type ErrorCode, toTablecastError } from '../../protocol/errors.ts';
import {
  type TextFormat,
  type TextRowsTarget,
  textRowsToArrow,
} from '../../protocol/text-rows/text-rows-to-arrow.ts';

/** A text body that is to become Arrow. It is handed over between threads, not copied: who sends it has it no more. */
export interface BodyJob {
  readonly body: Uint8Array<ArrayBuffer>;
  readonly format: TextFormat;
  readonly target: TextRowsTarget;
}

/** The body comes back with its Arrow stream, so that it can be converted once more where the table has changed meanwhile. */
export interface ConvertedBody {
  readonly arrow: Uint8Array<ArrayBuffer>;
  readonly body: Uint8Array<ArrayBuffer>;
}

export type BodyAnswer =
  | ({ readonly type: 'converted' } & ConvertedBody)
  | { readonly type: 'refused'; readonly code: ErrorCode; readonly detail: string };

export function answerJob({ body, format, target }: BodyJob): BodyAnswer {
  try {
    return { type: 'converted', arrow: textRowsToArrow(body, format, target), body };
  } catch (thrown) {
    const { code, message } = toTablecastError(thrown);
    return { type: 'refused', code, detail: message };
  }
}
