import fastifyWebsocket from '@fastify/websocket';
import { type FastifyBaseLogger, type FastifyInstance, fastify, LogController } from 'fastify';
import { LIMITS } from '../../protocol/limits.ts';
import { SUBPROTOCOL } from '../../protocol/version.ts';
import type { GatewayParts } from '../gateway-parts.ts';
import { loginRoutes } from './auth/login-routes.ts';
import { chartRoutes } from './chart-routes.ts';
import { registerCompression } from './compression.ts';
import { dashboardRoutes } from './dashboard-routes.ts';
import { docsRoute, registerSchemas, SCHEMA_COMPILERS } from './docs-route.ts';
import { Draining, registerDraining } from './draining.ts';
import { eventsRoute } from './events-route.ts';
import { registerForwarded, registerForwarding } from './forwarding.ts';
import { liveRoute } from './live-route.ts';
import { metricsRoute } from './metrics-route.ts';
import { passOverOtherUpgrades } from './other-upgrades.ts';
import { pageRoutes } from './page-routes.ts';
import { coded, refuseMalformed, registerProblems, sendProblem } from './problem.ts';
import { registerSecurity } from './security.ts';
import { SERVER_TIMEOUTS, type ServerTimeouts, serverOptions } from './server-options.ts';
import { statusRoutes } from './status-routes.ts';
import { tablesRoutes } from './tables-routes.ts';
import { updateDataRoute } from './update-data-route.ts';

/** A table's name of 128 bytes, percent-encoded. */
const MAX_PARAM_LENGTH = LIMITS.maxNameBytes * 3 + '.arrow'.length;

/** All routes, not yet listening. */
export async function createHttpServer(
  parts: GatewayParts,
  options: {
    readonly pageDirectory: string;
    readonly logger: FastifyBaseLogger;
    readonly timeouts?: ServerTimeouts;
    /** The socket of the process that answers all but what viewers stay connected to; this one does where absent. */
    readonly forwardPath?: string;
  },
): Promise<FastifyInstance> {
  const app = fastify({
    ...serverOptions(parts.config, options.timeouts ?? SERVER_TIMEOUTS),
    loggerInstance: options.logger,
    logController: new LogController({ disableRequestLogging: true }),
    bodyLimit: parts.config.maxMessageBytes,
    routerOptions: { maxParamLength: MAX_PARAM_LENGTH },
    schemaController: SCHEMA_COMPILERS,
    forceCloseConnections: true,
    // What comes while it closes is refused with a problem, by `registerDraining`.
    return503OnClosing: false,
    clientErrorHandler: refuseMalformed,
    frameworkErrors: (error, request, reply) => sendProblem(reply, coded(error, request)),
  });
  registerProblems(app);
  // First, for it ends the sockets of WebSockets that what follows refuses.
  await app.register(fastifyWebsocket, {
    options: {
      maxPayload: LIMITS.maxClientMessageBytes,
      perMessageDeflate: false,
      handleProtocols: (protocols: Set<string>) => (protocols.has(SUBPROTOCOL) ? SUBPROTOCOL : false),
    },
    // What a viewer sends wrong is that viewer's fault, and the connection is closed with the code that says so.
    errorHandler: (error, socket, request) => {
      request.log.debug(error);
      socket.terminate();
    },
    // The plugin's own would cut all of them off; `registerDraining` closes them.
    preClose: (done) => done(),
  });
  app.websocketServer.on('wsClientError', (error, socket) => {
    socket.once('finish', () => socket.destroy());
    refuseMalformed(error, socket);
  });
  passOverOtherUpgrades(app.server);
  // Node alone answers an expectation other than 100-continue with an empty 417; it may be passed over (RFC 9110, 10.1.1).
  app.server.on('checkExpectation', (request, response) => app.server.emit('request', request, response));
  const draining = new Draining();
  if (options.forwardPath !== undefined) registerForwarding(app, options.forwardPath, draining);
  if (parts.config.workers > 1) registerForwarded(app);
  await registerSecurity(app, parts);
  registerDraining(app, parts, draining);
  await registerCompression(app);
  await registerSchemas(app);
  app.removeAllContentTypeParsers();
  app.addContentTypeParser('*', { parseAs: 'buffer' }, (_request, body, done) => done(null, body));
  await app.register(loginRoutes, parts);
  await app.register(liveRoute, parts);
  await app.register(eventsRoute, parts);
  await app.register(updateDataRoute, parts);
  await app.register(tablesRoutes, parts);
  await app.register(chartRoutes, parts);
  await app.register(dashboardRoutes, parts);
  await app.register(statusRoutes, parts);
  await app.register(metricsRoute, parts);
  await app.register(docsRoute);
  await app.register(pageRoutes, { directory: options.pageDirectory });
  return app;
}
