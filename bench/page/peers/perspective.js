// Perspective's viewer of a table that its server holds, as the address says: ?table=NAME, and #… what to restore, as JSON.
import '/@perspective-dev/viewer/dist/cdn/perspective-viewer.js';
import '/@perspective-dev/viewer-datagrid/dist/cdn/perspective-viewer-datagrid.js';
import perspective from '/@perspective-dev/client/dist/cdn/perspective.js';

const name = new URLSearchParams(location.search).get('table');
const viewer = document.querySelector('perspective-viewer');
const client = await perspective.websocket(`ws://${location.host}/`);
await viewer.load(client);
await viewer.restore({
  table: name,
  plugin: 'Datagrid',
  ...JSON.parse(decodeURIComponent(location.hash.slice(1))),
});
// At once: else it waits as long as its last drawings took, many seconds where the first were slow.
viewer.setThrottle(0);
