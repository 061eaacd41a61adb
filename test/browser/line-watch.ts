import type { Page } from 'playwright-core';
import type { ClientMessage } from '../../protocol/client-message.ts';
import type { ServerMessage } from '../../protocol/server-message.ts';

/** What goes over a page's WebSocket, which can be stopped and broken. */
export interface LineWatch {
  /** What the page subscribed to and no more, in order, as `+a,b` and `-a`; what resumes ends in `@version`. */
  subscriptions(): string[];
  /** How many bytes of data came. */
  dataBytes(): number;
  /** From here on nothing comes to the page until `release`, but what says that the line is not dead. */
  hold(): void;
  release(): void;
  /** Ends the line; the page takes up another. */
  cut(): Promise<void>;
}

/** To be called before the page is opened. */
export async function watchLine(page: Page): Promise<LineWatch> {
  const said: string[] = [];
  const held: (() => void)[] = [];
  let isHeld = false;
  let dataBytes = 0;
  let cut = (): Promise<void> => Promise.resolve();
  await page.routeWebSocket(/\/live$/, (socket) => {
    const server = socket.connectToServer();
    cut = () => socket.close({ code: 1012, reason: '' });
    socket.onMessage((text) => {
      const message = JSON.parse(String(text)) as ClientMessage;
      const word = subscriptionWord(message);
      if (word !== null) said.push(word);
      server.send(text);
    });
    server.onMessage((message) => {
      const pass = () => {
        if (typeof message !== 'string') dataBytes += message.length;
        socket.send(message);
      };
      if (isHeld && !isSignOfLife(message)) held.push(pass);
      else pass();
    });
  });
  return {
    subscriptions: () => said.splice(0),
    dataBytes: () => dataBytes,
    hold() {
      isHeld = true;
    },
    release() {
      isHeld = false;
      for (const pass of held.splice(0)) pass();
    },
    cut: () => cut(),
  };
}

function isSignOfLife(message: string | Buffer): boolean {
  return (
    typeof message === 'string' &&
    ['hello', 'heartbeat'].includes((JSON.parse(message) as ServerMessage).type)
  );
}

function subscriptionWord(message: ClientMessage): string | null {
  if (message.type === 'unsubscribe') return `-${message.tables}`;
  if (message.type !== 'subscribe') return null;
  return `+${message.tables}${message.since === undefined ? '' : `@${message.since.version}`}`;
}
