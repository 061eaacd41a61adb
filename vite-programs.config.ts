import { readFileSync } from 'node:fs';
import { defineConfig, type Plugin } from 'vite';
import { thirdParty } from './ui/third-party.ts';

/** Each becomes `dist/programs/NAME.js`; threads and processes of the gateway find theirs beside it, by these names. */
const programs = {
  gateway: 'gateway/main.ts',
  'body-worker': 'gateway/bodies/body-worker.ts',
  'chart-worker': 'gateway/charts/chart-worker.ts',
  'log-worker': 'gateway/log/log-worker.ts',
  'worker-main': 'gateway/workers/worker-main.ts',
  'verify-main': 'gateway/log/verify-main.ts',
  'copy-main': 'gateway/log/copy-main.ts',
  producer: 'producer/main.ts',
  publish: 'producer/files/main.ts',
  terminal: 'ui/terminal/main.ts',
};

/** They carry binaries, or start programs of their own. */
const asInstalled = ['echarts', 'zeromq', 'lmdb', '@resvg/resvg-js', 'systeminformation'];

/** Fastify names them where it is used otherwise. */
const neverLoaded = ['@fastify/ajv-compiler', '@fastify/fast-json-stringify-compiler', 'light-my-request'];

/** It serves the files that it is installed with. */
const withFiles = '@fastify/swagger-ui';

/** Run as `vite build --config vite-programs.config.ts`: what runs in Node as few files, for a start reads hundreds otherwise. */
export default defineConfig({
  plugins: [thirdParty(), fonts(), folderOf(withFiles)],
  ssr: { noExternal: true, external: [...asInstalled, ...neverLoaded] },
  build: {
    ssr: true,
    outDir: 'dist/programs',
    emptyOutDir: true,
    target: 'node20',
    sourcemap: true,
    rolldownOptions: {
      input: programs,
      output: {
        comments: { legal: false, jsdoc: false },
        entryFileNames: '[name].js',
        chunkFileNames: '[name]-[hash].js',
      },
    },
  },
});

function fonts(): Plugin {
  return {
    name: 'fonts',
    generateBundle() {
      for (const file of ['DejaVuSans.ttf', 'LICENSE.txt'])
        this.emitFile({
          type: 'asset',
          fileName: `fonts/${file}`,
          source: readFileSync(`gateway/charts/fonts/${file}`),
        });
    },
  };
}

/** Keeps the `__dirname` of a package's modules what it is where the package is installed. */
function folderOf(packageName: string): Plugin {
  const virtual = 'virtual:folder/';
  return {
    name: 'folder-of-package',
    resolveId: (id) => (id.startsWith(virtual) ? `\0${id}` : null),
    load(id) {
      if (!id.startsWith(`\0${virtual}`)) return null;
      const path = JSON.stringify(id.slice(virtual.length + 1));
      return `import { createRequire } from 'node:module';
import { dirname } from 'node:path';
export const folder = dirname(createRequire(import.meta.url).resolve(${path}));`;
    },
    transform(code, id) {
      const [, path] = id.replaceAll('\\', '/').split('/node_modules/');
      if (path === undefined || !path.startsWith(`${packageName}/`) || !code.includes('__dirname'))
        return null;
      const folder = `require(${JSON.stringify(virtual + path)}).folder`;
      return { code: code.replaceAll('__dirname', folder), map: null };
    },
  };
}
