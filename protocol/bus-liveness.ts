/**
 * Options of every ZeroMQ socket, in milliseconds: a peer that says nothing is taken for gone and the line made anew, ever
 * more seldom. ZeroMQ's own heartbeats are off by default, and without them a half-open line stays quiet for good.
 */
export const LIVENESS = {
  /**
   * A ping each second. A line is dropped where nothing came for the timeout, and by its peer after the time to live. Only
   * a whole message is a sign of life, so a large one on a slow line must not take longer.
   */
  heartbeatInterval: 1_000,
  heartbeatTimeout: 10_000,
  heartbeatTimeToLive: 10_000,
  /** From opening a line until both sides have agreed on it. */
  handshakeInterval: 10_000,
  connectTimeout: 5_000,
  /** Between attempts; doubled each time, up to the most. */
  reconnectInterval: 100,
  reconnectMaxInterval: 2_000,
  /** For peers that know no heartbeats: on; after 30 s, and given up after three more, each after 5 s. */
  tcpKeepalive: 1,
  tcpKeepaliveIdle: 30,
  tcpKeepaliveInterval: 5,
  tcpKeepaliveCount: 3,
} as const;
