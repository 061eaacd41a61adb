import { defineConfig } from 'vite';
import { thirdParty } from './third-party.ts';
import { withoutDecoders } from './without-decoders.ts';

/** Run as `vite build ui/client --config ui/vite-client.config.ts`: the client for browsers as one script, which a page imports as a module. */
export default defineConfig({
  plugins: [thirdParty(), withoutDecoders()],
  build: {
    outDir: '../../dist/client',
    emptyOutDir: true,
    target: 'es2023',
    lib: { entry: 'browser.ts', formats: ['es'], fileName: () => 'client.js' },
  },
});
