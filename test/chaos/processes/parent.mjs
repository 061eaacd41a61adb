// What every process of a chaos run has in common: the built program, and questions of the parent.

/** @param {string} path below `dist/` @returns {Promise<any>} */
export function built(path) {
  return import(new URL(`../../../dist/${path}`, import.meta.url).href);
}

/**
 * Answers the parent's questions, `{ id, ask, with }`, by `{ id, answer }`.
 * @param {Readonly<Record<string, (argument: any) => unknown>>} answers
 */
export function serveParent(answers) {
  // The process goes on until its parent ends it.
  process.channel?.ref();
  process.on('message', async (message) => {
    const { id, ask, with: argument } = /** @type {{ id: number, ask: string, with: unknown }} */ (message);
    try {
      process.send?.({ id, answer: await answers[ask]?.(argument) });
    } catch (error) {
      process.send?.({ id, failure: error instanceof Error ? error.stack : String(error) });
    }
  });
}
