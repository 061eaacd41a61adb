import { type TSchema, Type } from 'typebox';
import { LIMITS } from '../../../protocol/limits.ts';
import { parseTableName } from '../../../protocol/table-name.ts';

/** The name of a table: what JSON Schema cannot say of it is checked by {@link parseTableName}. */
export const tableName = Type.Refine(
  Type.String({
    minLength: 1,
    maxLength: LIMITS.maxNameBytes,
    description: `A table's name: letters and digits of any script, \`_\`, \`-\`, \`.\`; at most ${LIMITS.maxNameBytes} bytes of UTF-8, not ending in \`.arrow\`, \`.json\` or \`.csv\`.`,
    examples: ['prices'],
    'x-code': 'bad_name',
  }),
  isTableName,
);

function isTableName(text: string): boolean {
  try {
    return parseTableName(text) === text;
  } catch {
    return false;
  }
}

export const tableParams = Type.Object({ name: tableName });

/** A route that takes no others than these. */
export function onlyParameters<T extends Record<string, TSchema>>(properties: T) {
  return Type.Object(properties, { additionalProperties: false });
}

/** A whole number of at least 0. */
export function wholeNumber(
  description: string,
  options: { minimum?: number; maximum?: number; default?: number } = {},
) {
  return Type.Optional(
    Type.Integer({ minimum: 0, maximum: Number.MAX_SAFE_INTEGER, ...options, description }),
  );
}

/** One of some words. */
export function choice<const T extends string>(
  choices: readonly T[],
  description: string,
  options: { default?: T } = {},
) {
  return Type.Optional(Type.Enum([...choices], { type: 'string', ...options, description }));
}

export function text(description: string, options: { minLength?: number; maxLength?: number } = {}) {
  return Type.Optional(Type.String({ ...options, description }));
}

/** Names of columns. A name that has a comma itself cannot be given. */
export function columnNames(description: string, options: { maxItems?: number; uniqueItems?: boolean } = {}) {
  const shown = `${description}; separated by commas, or the parameter repeated.`;
  return Type.Optional(
    Type.Array(Type.String(), { ...options, description: shown, 'x-comma-separated': true }),
  );
}
