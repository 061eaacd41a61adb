/**
 * Reads the JSON format of Arrow's integration tests (apache/arrow, `docs/source/format/Integration.rst`), without any
 * code of ours or of an Arrow library. Numbers keep their digits: a cell is what its JSON says once
 * {@link parseKeepingDigits} has read it, and a float is a {@link FloatCell}.
 */
export type ExpectedCell =
  | null
  | boolean
  | string
  | FloatCell
  | readonly ExpectedCell[]
  | { readonly [name: string]: ExpectedCell };

/** A float that any text may stand for that reads back as it, at its width. */
export class FloatCell {
  readonly value: number;
  readonly bits: 16 | 32 | 64;

  constructor(value: number, bits: 16 | 32 | 64) {
    this.value = value;
    this.bits = bits;
  }
}

export interface IntegrationType {
  readonly name: string;
  readonly [parameter: string]: unknown;
}

export interface IntegrationField {
  readonly name: string;
  readonly type: IntegrationType;
  readonly nullable: boolean;
  readonly children: readonly IntegrationField[];
  readonly dictionary?: { readonly id: number };
  readonly metadata?: readonly { readonly key: string; readonly value: string }[];
}

export interface IntegrationColumn {
  readonly count: number;
  readonly VALIDITY?: readonly (number | string)[];
  readonly OFFSET?: readonly (number | string)[];
  readonly SIZE?: readonly (number | string)[];
  readonly DATA?: readonly unknown[];
  readonly TYPE_ID?: readonly (number | string)[];
  readonly VIEWS?: readonly Readonly<Record<string, unknown>>[];
  readonly VARIADIC_DATA_BUFFERS?: readonly string[];
  readonly children?: readonly IntegrationColumn[];
}

export interface IntegrationBatch {
  readonly count: number;
  readonly columns: readonly IntegrationColumn[];
}
