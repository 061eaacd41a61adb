import { PROGRAM_VERSION, SUBPROTOCOL } from '../../../protocol/version.ts';
import { SECURITY_SCHEMES } from './rights.ts';

const DESCRIPTION = `
Tablecast shows any process's dataframes live in every browser. Here they are published, committed and read over HTTP.

- A **table** is a named, live dataframe; a **publication** is some rows for one table. It shows by itself, or waits in the
  table's **stage** until \`/update_data\` makes everything staged visible at once.
- A **version** is the number of commits so far, of the whole gateway; versions compare only within an **epoch**.
- Errors are \`application/problem+json\` with a stable \`code\` and a \`detail\` that says what to do.
- Bodies of 1 KiB and more are encoded as \`Accept-Encoding\` asks for (\`br\`, \`gzip\`, \`deflate\`).
- HEAD answers what GET does, without a body; not for \`/update_data\`, \`/events\`, \`/live\` and \`/login\`.

## The WebSocket

\`GET /live\` is a WebSocket, subprotocol \`${SUBPROTOCOL}\`, which takes the view right. Control messages are JSON texts; data is
binary, each message one complete Arrow IPC stream.

A viewer sends \`{"type":"subscribe","tables":["prices"]}\` (or \`"tables":"*"\`; \`"since":{"epoch","version"}\` resumes, \`"renders":true\`
says that it draws), \`{"type":"unsubscribe","tables":[…]}\`, \`{"type":"rendered","version":42}\` once that version is on screen, and
\`{"type":"visibility","visible":false}\` while it draws nothing.

It gets \`{"type":"hello","epoch","version"}\` first; then \`{"type":"commit","epoch","version","changes":[{"table","op","key","rows","snapshot"}, …]}\`,
followed by one binary message for each change but a \`drop\`, which are applied all together; a \`{"type":"heartbeat","version"}\` every
second; and \`{"type":"error","code","detail"}\`. Each \`subscribe\` is answered by one commit that brings its tables to the present version.
`.trim();

/** What OpenAPI says of the gateway beside its routes. */
export const DOCUMENT = {
  openapi: '3.1.0',
  info: {
    title: 'Tablecast',
    version: PROGRAM_VERSION,
    description: DESCRIPTION,
    license: { name: 'Apache-2.0', identifier: 'Apache-2.0' },
  },
  // Relative to /docs/json: whatever path a proxy puts before it is unknown here.
  servers: [{ url: '..', description: 'This gateway' }],
  tags: [
    { name: 'tables', description: 'What the tables hold' },
    { name: 'publishing', description: 'Writing tables, and making what is staged visible' },
    { name: 'charts', description: 'Charts drawn on the server' },
    { name: 'dashboards', description: 'Saved pages of several tables and charts' },
    { name: 'viewers', description: 'Being told of changes; see also the WebSocket above' },
    { name: 'status', description: 'How the gateway fares' },
    { name: 'access', description: 'Logging a browser in, where the gateway has tokens' },
  ],
  components: { securitySchemes: SECURITY_SCHEMES },
};
