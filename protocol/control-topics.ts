/** A producer that numbers its publications says each second how far it is: `[$heartbeat][{"run","tables":{"NAME":seq}}]`. */
export const HEARTBEAT_TOPIC = '$heartbeat';
/** A subscription to this, followed by a table's name or nothing for all, asks a producer for the state of its tables. */
export const RESYNC_PREFIX = '$resync.';
