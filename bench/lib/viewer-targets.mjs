// How a raw viewer talks to each server, and how many text messages greet it.

/** @param {number} port @param {{ table?: string, since?: { epoch: string, version: number } }} options all tables unless one is named */
export function gatewayTarget(port, { table, since }) {
  const tables = table === undefined ? '*' : [table];
  const hello = JSON.stringify({ type: 'subscribe', tables, ...(since === undefined ? {} : { since }) });
  return {
    target: { port, path: '/live', protocol: 'tablecast.v1', hello },
    // hello, and the answer to `subscribe`
    greetings: 2,
  };
}

/** @param {number} port @param {string} [path] */
export function wsTarget(port, path = '/') {
  return { target: { port, path, hello: null }, greetings: 0 };
}

/** @param {number} port */
export function socketIoTarget(port) {
  // Engine.IO's open and Socket.IO's connect packets.
  return { target: { port, path: '/socket.io/?EIO=4&transport=websocket', hello: '40' }, greetings: 2 };
}
