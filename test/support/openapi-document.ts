import type { TSchema } from 'typebox';
import { Compile } from 'typebox/compile';

interface Described {
  readonly description: string;
  readonly headers?: Readonly<Record<string, unknown>>;
  readonly content?: Readonly<Record<string, { readonly schema: object }>>;
}

export interface Operation {
  readonly operationId: string;
  readonly summary: string;
  readonly tags: readonly string[];
  readonly security: readonly unknown[];
  readonly parameters?: readonly {
    readonly in: string;
    readonly name: string;
    readonly description: string;
  }[];
  readonly requestBody?: { readonly required: boolean; readonly content: Readonly<Record<string, unknown>> };
  readonly responses: Readonly<Record<string, Described>>;
}

export interface OpenApiDocument {
  readonly openapi: string;
  readonly paths: Readonly<Record<string, Readonly<Record<string, Operation>>>>;
  readonly components: { readonly schemas: Readonly<Record<string, object>> };
}

/** The operations by method and path, such as `GET /tables/{name}`. */
export function operationsOf(document: OpenApiDocument): ReadonlyMap<string, Operation> {
  return new Map(
    Object.entries(document.paths).flatMap(([path, methods]) =>
      Object.entries(methods).map(([method, operation]) => [`${method.toUpperCase()} ${path}`, operation]),
    ),
  );
}

/** Headers that are told of wherever they come; others belong to HTTP at large. */
const OWN_HEADERS =
  /^(tablecast-.*|etag|idempotency-replayed|retry-after|www-authenticate|set-cookie|location)$/;

/** What an answer has that the document does not say of it; empty where nothing. */
export function undescribed(
  document: OpenApiDocument,
  operation: Operation,
  answer: { readonly status: number; readonly headers: object; readonly body: string },
): string[] {
  const described = operation.responses[answer.status];
  if (described === undefined) return [`the status ${answer.status}`];
  const known = Object.keys(described.headers ?? {}).map((name) => name.toLowerCase());
  const unknown = Object.keys(answer.headers).filter(
    (name) => OWN_HEADERS.test(name) && !known.includes(name),
  );
  const { 'content-type': type } = answer.headers as { readonly 'content-type'?: string };
  const mediaType = type?.split(';')[0];
  if (mediaType === undefined) return described.content === undefined ? unknown : [...unknown, 'no body'];
  const media = described.content?.[mediaType];
  if (media === undefined) return [...unknown, `the type ${mediaType}`];
  if (!mediaType.endsWith('json')) return unknown;
  const schema = Compile(closed(document, media.schema) as TSchema);
  const json: unknown = JSON.parse(answer.body);
  const errors = schema.Errors(json).map(({ instancePath, message }) => `${instancePath} ${message}`);
  return [...unknown, ...(schema.Check(json) ? [] : errors)];
}

/** A schema with its references put in, whose objects have the properties that it names and no others. */
function closed(document: OpenApiDocument, schema: object): object {
  return Object.fromEntries(
    Object.entries(schema).flatMap(([key, value]): [string, unknown][] => {
      if (key === '$ref') {
        const name = String(value).replace('#/components/schemas/', '');
        return Object.entries(closed(document, document.components.schemas[name]!));
      }
      if (key === 'properties') {
        const parts = Object.entries(value as Record<string, object>);
        const properties = Object.fromEntries(parts.map(([name, part]) => [name, closed(document, part)]));
        return [
          [key, properties],
          ...(isPart(schema) ? [] : ([['additionalProperties', false]] as [string, unknown][])),
        ];
      }
      if (Array.isArray(value))
        return [[key, value.map((part: unknown) => (isObject(part) ? closed(document, part) : part))]];
      return [[key, isObject(value) ? closed(document, value) : value]];
    }),
  );
}

/** What narrows the code of a problem names that property alone. */
function isPart(schema: object): boolean {
  const { properties } = schema as { readonly properties: object };
  return Object.keys(properties).join() === 'code';
}

function isObject(value: unknown): value is object {
  return typeof value === 'object' && value !== null && !Array.isArray(value);
}
