import { XPublisher, XSubscriber } from 'zeromq';

export type Fate = 'passes' | 'is lost' | 'comes twice';

export interface HopMessage {
  readonly topic: string;
  /** The second frame, parsed; empty where it is no JSON. */
  readonly header: { readonly op?: string; readonly seq?: number; readonly snapshot?: boolean };
}

export interface LossyHop {
  /** Where the side that was not named connects to. */
  readonly address: string;
  /** What becomes of the messages from now on. */
  fateOf: (message: HopMessage) => Fate;
  close(): void;
}

/** Stands between a producer and a gateway, one of which binds, and passes messages and subscriptions on, or does not. */
export async function openLossyHop(side: { producer: string } | { gateway: string }): Promise<LossyHop> {
  const near = new XPublisher({ linger: 0 });
  near.verbosity = 'allSubsUnsubs';
  const far = new XSubscriber({ linger: 0, reconnectInterval: 50 });
  const [bound, connected, address] =
    'producer' in side ? ([near, far, side.producer] as const) : ([far, near, side.gateway] as const);
  await bound.bind('tcp://127.0.0.1:*');
  connected.connect(address);
  const hop: LossyHop = {
    address: bound.lastEndpoint!,
    fateOf: () => 'passes',
    close() {
      near.close();
      far.close();
    },
  };
  const pass = async (from: XPublisher | XSubscriber, to: XPublisher | XSubscriber) => {
    for await (const frames of from) {
      const fate = from === far ? hop.fateOf(read(frames)) : 'passes';
      if (fate === 'is lost') continue;
      await to.send(frames);
      if (fate === 'comes twice') await to.send(frames);
    }
  };
  // Closing ends both.
  for (const passing of [pass(near, far), pass(far, near)]) passing.catch(() => {});
  return hop;
}

function read([topic, header]: readonly Buffer[]): HopMessage {
  try {
    return { topic: String(topic), header: JSON.parse(String(header)) as HopMessage['header'] };
  } catch {
    return { topic: String(topic), header: {} };
  }
}
