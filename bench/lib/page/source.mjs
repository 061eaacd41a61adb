// What a publisher of the page's benchmark sends.

/**
 * @typedef {object} Source
 * @property {object} header of each of its publications
 * @property {() => Iterable<Buffer>} filling Arrow, to begin with
 * @property {(sentMs: number) => Buffer} next Arrow, made as it is sent
 */
export {};
