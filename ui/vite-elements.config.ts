import { readFileSync } from 'node:fs';
import { defineConfig, type Plugin } from 'vite';
import { thirdParty } from './third-party.ts';
import { withoutDecoders } from './without-decoders.ts';

/**
 * Run as `vite build ui/elements --config ui/vite-elements.config.ts`: the custom elements as one script, which a page of
 * any site takes from the gateway; grid, charts and languages are beside it and come when they are first needed.
 */
export default defineConfig({
  plugins: [thirdParty(), withoutDecoders(), types()],
  worker: { plugins: () => [withoutDecoders()] },
  // Its elements alone are not needed here.
  resolve: { alias: { lit: 'lit-html' } },
  // Relative addresses, so that they work under any base path and from any site.
  base: './',
  build: {
    outDir: '../../dist/elements',
    emptyOutDir: true,
    target: 'es2023',
    // As they are written: `light-dark()` is resolved where a colour is used, below the element's own theme.
    cssTarget: ['chrome123', 'firefox120', 'safari17.5'],
    modulePreload: false,
    chunkSizeWarningLimit: 800,
    rollupOptions: {
      input: 'ui/elements/main.ts',
      output: { entryFileNames: 'elements.js', chunkFileNames: 'elements/[name]-[hash].js' },
    },
  },
});

/** Puts the types of what is built beside it. */
function types(): Plugin {
  return {
    name: 'types',
    generateBundle() {
      const source = readFileSync(new URL('./elements/element-types.d.ts', import.meta.url));
      this.emitFile({ type: 'asset', fileName: 'elements.d.ts', source });
    },
  };
}
