import path from 'node:path';
import { type ChildProgram, startProgram } from '../../scripts/supervisor/child-program.mjs';

/** A process of the run that answers questions, and can be frozen. */
export interface Child {
  ask<T>(question: string, argument?: unknown): Promise<T>;
  /** SIGSTOP: it takes nothing and says nothing, and the other side hears no end. */
  freeze(): void;
  thaw(): void;
  close(): Promise<void>;
}

const ANSWER_TIMEOUT_MS = 60_000;

interface Waiting {
  readonly resolve: (answer: unknown) => void;
  readonly reject: (error: Error) => void;
}

export function startChild(name: 'viewer' | 'viewers' | 'writer', args: readonly string[]): Child {
  const module = path.join(import.meta.dirname, 'processes', `${name}.mjs`);
  const program: ChildProgram = startProgram({ module, args, stderr: 'pipe' });
  const waiting = new Map<number, Waiting>();
  let lastId = 0;
  let stderr = '';
  program.process.stderr?.setEncoding('utf8').on('data', (text: string) => {
    stderr += text;
  });
  program.process.on('message', (message) => {
    const { id, answer, failure } = message as { id: number; answer?: unknown; failure?: string };
    const asked = waiting.get(id);
    waiting.delete(id);
    if (failure === undefined) asked?.resolve(answer);
    else asked?.reject(new Error(`${name}: ${failure}`));
  });
  const end = (why: string): void => {
    for (const { reject } of waiting.values())
      reject(new Error(`${name} ${args.join(' ')} ${why}: ${stderr}`));
    waiting.clear();
  };
  void program.ended.then(({ code, signal }) => end(`ended (${signal ?? code})`));
  const kill = (signal: NodeJS.Signals): void => void program.process.kill(signal);
  return {
    ask: (question, argument) =>
      new Promise((resolve, reject) => {
        const id = ++lastId;
        const timer = setTimeout(() => end(`does not answer "${question}"`), ANSWER_TIMEOUT_MS);
        const settled = (settle: () => void) => {
          clearTimeout(timer);
          settle();
        };
        waiting.set(id, {
          resolve: (answer) => settled(() => resolve(answer as never)),
          reject: (error) => settled(() => reject(error)),
        });
        program.process.send({ id, ask: question, with: argument });
      }),
    freeze: () => kill('SIGSTOP'),
    thaw: () => kill('SIGCONT'),
    close: async () => {
      kill('SIGKILL');
      await program.ended;
    },
  };
}
