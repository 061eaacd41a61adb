import { WebSocket } from 'ws';
import type { LiveMessage } from './live-client.ts';

export interface DrawingViewer {
  /** The version of the last commit that came. */
  readonly version: number;
  /** Whether it says `rendered` as soon as a commit is there; one that does not may do so later by {@link draw}. */
  drawsAtOnce: boolean;
  /** Says that the last commit that came is on screen. */
  draw(): void;
  send(message: object): void;
  /** Resolves with the next commit's version. */
  next(): Promise<number>;
  /** Resolves once the gateway has taken all that was sent before. */
  synced(): Promise<void>;
  close(): void;
}

/** A viewer that looks at commits' versions and at nothing else, so that one process can be a thousand of them. */
export async function openDrawingViewer(
  wsUrl: string,
  { renders, drawsAtOnce = renders }: { readonly renders: boolean; readonly drawsAtOnce?: boolean },
): Promise<DrawingViewer> {
  const socket = new WebSocket(wsUrl, 'tablecast.v1', { perMessageDeflate: false });
  const waiting: ((version: number) => void)[] = [];
  const unanswered: (() => void)[] = [];
  let version = 0;
  const send = (message: object) => socket.send(JSON.stringify(message));
  const viewer = {
    drawsAtOnce,
    get version() {
      return version;
    },
    draw: () => send({ type: 'rendered', version }),
    send,
    next: () => new Promise<number>((resolve) => void waiting.push(resolve)),
    // Messages are taken in order, and one of no kind is answered by an error; a commit may be of anything.
    synced: () =>
      new Promise<void>((resolve) => {
        unanswered.push(resolve);
        send({ type: 'none' });
      }),
    close: () => socket.terminate(),
  };
  socket.on('message', (data: Buffer, isBinary: boolean) => {
    if (isBinary) return;
    const message = JSON.parse(data.toString()) as LiveMessage;
    if (message.type === 'error') unanswered.shift()?.();
    if (message.type !== 'commit') return;
    version = message.version;
    if (viewer.drawsAtOnce) viewer.draw();
    for (const resolve of waiting.splice(0)) resolve(version);
  });
  await new Promise((resolve, reject) => socket.once('open', resolve).once('error', reject));
  socket.on('error', () => undefined);
  const answer = viewer.next();
  send({ type: 'subscribe', tables: '*', renders });
  await answer;
  return viewer;
}
