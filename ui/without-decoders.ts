import type { Plugin } from 'vite';

const CODECS = '/protocol/compression/buffer-codecs.ts';

/** Leaves the decoders of compressed Arrow out of what a browser loads, for a gateway sends none. */
export function withoutDecoders(): Plugin {
  return {
    name: 'without-decoders',
    enforce: 'pre',
    load: (id) =>
      id.replaceAll('\\', '/').endsWith(CODECS) ? 'export const bufferCodec = () => null;' : null,
  };
}
