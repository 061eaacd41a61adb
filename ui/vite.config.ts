import { defineConfig } from 'vite';
import { thirdParty } from './third-party.ts';
import { withoutDecoders } from './without-decoders.ts';

/** Run as `vite build ui`: this folder is the root, the page goes where the gateway serves it from. */
export default defineConfig({
  plugins: [thirdParty(), withoutDecoders()],
  worker: { plugins: () => [withoutDecoders()] },
  // Relative addresses, so that the page works under any base path.
  base: './',
  build: {
    outDir: '../dist/page',
    emptyOutDir: true,
    target: 'es2023',
    modulePreload: { polyfill: false },
    // Data URLs would need a wider content security policy.
    assetsInlineLimit: 0,
    chunkSizeWarningLimit: 800,
  },
});
