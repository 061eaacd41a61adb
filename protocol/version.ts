/** The WebSocket subprotocol; a change of the wire that an old peer cannot read gets a new name. */
export const SUBPROTOCOL = 'tablecast.v1';

/** The version of this program; the same as in package.json. */
export const PROGRAM_VERSION = '0.1.0';
