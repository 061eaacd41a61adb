import fastifySwagger, { type FastifyDynamicSwaggerOptions } from '@fastify/swagger';
import fastifySwaggerUi from '@fastify/swagger-ui';
import type { FastifyInstance, FastifyServerOptions } from 'fastify';
import { compileValidator } from './parameter-validator.ts';
import { Problem } from './schemas/answers.ts';
import { DOCUMENT } from './schemas/document.ts';

const PATH = '/docs';

type Compilers = NonNullable<NonNullable<FastifyServerOptions['schemaController']>['compilersFactory']>;
type ValidatorFactory = NonNullable<Compilers['buildValidator']>;

/**
 * What a schema does, in place of the compilers that Fastify would load: it validates requests. Answers are described
 * alone: they are written as they are, whatever their schema says.
 */
export const SCHEMA_COMPILERS: NonNullable<FastifyServerOptions['schemaController']> = {
  compilersFactory: {
    // The type names what Ajv's own compiler returns; what is called is what `setValidatorCompiler` takes.
    buildValidator: (() => compileValidator) as unknown as ValidatorFactory,
    buildSerializer: () => () => JSON.stringify,
  },
};

/** Has the schemas of the routes that are registered after this describe them. */
export async function registerSchemas(app: FastifyInstance): Promise<void> {
  app.addSchema(Problem);
  await app.register(fastifySwagger, {
    openapi: DOCUMENT,
    // The page's files and the WebSocket have no tag.
    hideUntagged: true,
    stripBasePath: false,
    convertConstToEnum: false,
    refResolver: { buildLocalReference: (schema) => String(schema.$id) },
    transformObject: withOptionalBodies,
  } satisfies FastifyDynamicSwaggerOptions);
}

/** `/docs`: a page that shows the OpenAPI document, which is `/docs/json`. */
export async function docsRoute(app: FastifyInstance): Promise<void> {
  await app.register(fastifySwaggerUi, {
    routePrefix: PATH,
    theme: { title: 'Tablecast: HTTP' },
    uiConfig: { layout: 'BaseLayout' },
    uiHooks: {
      // Relative addresses hold under the folder, whatever path a proxy puts before it.
      onRequest: (request, reply, done) => {
        if (request.url.split('?')[0] !== PATH) return done();
        void reply.redirect('docs/', 308);
      },
    },
  });
}

interface Operation {
  readonly requestBody?: { required: boolean };
  'x-body-optional'?: boolean;
}

type Transform = NonNullable<FastifyDynamicSwaggerOptions['transformObject']>;

/** The plugin takes every body for required. */
function withOptionalBodies(documents: Parameters<Transform>[0]): ReturnType<Transform> {
  const document = 'openapiObject' in documents ? documents.openapiObject : documents.swaggerObject;
  for (const path of Object.values(document.paths ?? {})) {
    for (const operation of Object.values(path ?? {}) as Operation[]) {
      if (operation['x-body-optional'] && operation.requestBody) operation.requestBody.required = false;
      delete operation['x-body-optional'];
    }
  }
  return document;
}
