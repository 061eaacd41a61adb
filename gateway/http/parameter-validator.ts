import type { FastifySchemaCompiler } from 'fastify';
import type { Static, TObject, TSchema } from 'typebox';
import { Compile } from 'typebox/compile';
import { TablecastError, toTablecastError } from '../../protocol/errors.ts';
import { parseOp } from '../../protocol/header.ts';
import { parseTableName } from '../../protocol/table-name.ts';

/** Parameters as they come: a text each, one given more than once a list of them. */
export type GivenParameters = Readonly<Record<string, string | readonly string[] | undefined>>;

/** What of a parameter's schema (JSON Schema 2020-12) decides on how its text is read, and what is said of a wrong one. */
interface ParameterSchema {
  readonly type?: string;
  readonly enum?: readonly string[];
  readonly minimum?: number;
  readonly maximum?: number;
  readonly minLength?: number;
  readonly maxLength?: number;
  readonly maxItems?: number;
  readonly items?: ParameterSchema;
  /** The form of a text that has a pattern, as people write it. */
  readonly 'x-form'?: string;
  /** A list that may also be one text with commas. */
  readonly 'x-comma-separated'?: boolean;
  /** The code that a wrong value is refused with, where it is not `bad_parameter`. */
  readonly 'x-code'?: 'bad_name' | 'unknown_op';
}

/**
 * Makes of a route's schemas what validates its requests. Bodies are not looked at: they are read where they are
 * published, and those that cannot be are listed there.
 */
export const compileValidator: FastifySchemaCompiler<TObject> = ({ schema, httpPart }) => {
  if (httpPart === 'body') return () => true;
  // At its first request, for a start has dozens of them.
  let read: ReturnType<typeof compileParameters> | undefined;
  return (given: GivenParameters) => {
    try {
      read ??= compileParameters(schema, httpPart === 'headers' ? 'header' : 'parameter');
      const value = read(given);
      return httpPart === 'headers' ? true : { value };
    } catch (thrown) {
      return { error: toTablecastError(thrown) };
    }
  };
};

/**
 * Reads the parameters that a schema names into its types, exactly: `1e3` is no whole number, and none is rounded. Others
 * are passed over, or refused where the schema has `additionalProperties: false`.
 *
 * @throws TablecastError `bad_parameter`, or the code that the schema says; the detail names the parameter
 */
export function compileParameters<T extends TObject>(
  schema: T,
  kind: 'parameter' | 'header',
): (given: GivenParameters) => Static<T> {
  const compiled = Compile(schema as TObject);
  const parameters = Object.entries(schema.properties as Record<string, TSchema & ParameterSchema>);
  const known = parameters.map(([name]) => name);
  const { additionalProperties } = schema as { readonly additionalProperties?: unknown };
  const nameOf = (name: string) => (kind === 'header' ? `The header ${name}` : `The parameter "${name}"`);
  return (given) => {
    if (additionalProperties === false) refuseUnknown(given, known);
    const value: Record<string, unknown> = {};
    for (const [name, parameter] of parameters) {
      const texts = given[kind === 'header' ? name.toLowerCase() : name];
      if (texts !== undefined) value[name] = readTexts(nameOf(name), parameter, texts);
    }
    if (compiled.Check(value)) return value as Static<T>;
    const [, name = '', index] = compiled.Errors(value)[0]!.instancePath.split('/');
    const parameter = schema.properties[name] as ParameterSchema;
    throw index === undefined
      ? refusal(nameOf(name), parameter, value[name])
      : refusal(nameOf(name), parameter.items!, (value[name] as readonly unknown[])[Number(index)]);
  };
}

/** Most likely a typo. */
function refuseUnknown(given: GivenParameters, known: readonly string[]): void {
  const unknown = Object.keys(given).find((name) => !known.includes(name));
  if (unknown === undefined) return;
  const taken = known.length === 0 ? 'none' : known.join(', ');
  const detail = `There is no parameter ${JSON.stringify(unknown)} here; this route takes ${taken}.`;
  throw new TablecastError('bad_parameter', detail);
}

/** What cannot be read stays a text, which its schema does not take. */
function readTexts(what: string, parameter: ParameterSchema, texts: string | readonly string[]): unknown {
  if (parameter.type === 'array') {
    const list = typeof texts === 'string' ? [texts] : texts;
    return parameter['x-comma-separated'] ? list.flatMap((text) => text.split(',')) : list;
  }
  if (typeof texts !== 'string')
    throw new TablecastError('bad_parameter', `${what} is given more than once.`);
  switch (parameter.type) {
    case 'integer':
      return /^\d{1,16}$/.test(texts) && Number.isSafeInteger(Number(texts)) ? Number(texts) : texts;
    case 'boolean':
      return texts === 'true' || texts === 'false' ? texts === 'true' : texts;
    default:
      return texts;
  }
}

function refusal(what: string, parameter: ParameterSchema, value: unknown): TablecastError {
  if (typeof value === 'string') {
    try {
      if (parameter['x-code'] === 'bad_name') parseTableName(value);
      if (parameter['x-code'] === 'unknown_op') parseOp(value);
    } catch (thrown) {
      return toTablecastError(thrown);
    }
  }
  return new TablecastError('bad_parameter', `${what} ${expectation(parameter, value)}.`);
}

function expectation(parameter: ParameterSchema, value: unknown): string {
  const { type, minLength = 0, maxLength, 'x-form': form } = parameter;
  if (type === 'string' && maxLength !== undefined && typeof value === 'string')
    return `has ${minLength} to ${maxLength} characters, not ${value.length}`;
  const shown = JSON.stringify(Array.isArray(value) ? value : String(value).slice(0, 64));
  return `is ${form ?? expected(parameter)}, not ${shown}`;
}

function expected({ type, minimum = 0, maximum, maxItems, enum: choices = [] }: ParameterSchema): string {
  if (choices.length > 2) return `one of ${choices.join(', ')}`;
  if (choices.length > 0) return choices.map((choice) => JSON.stringify(choice)).join(' or ');
  switch (type) {
    case 'integer':
      return `a whole number from ${minimum} to ${maximum ?? Number.MAX_SAFE_INTEGER}`;
    case 'boolean':
      return '"true" or "false"';
    case 'array':
      return `a list of at most ${maxItems} names, each once`;
    default:
      return 'another text';
  }
}
