// Serves one example's page, with the libraries it draws with from this clone. Any web server will do in its place.
//
//     node examples/serve.mjs FOLDER [PORT [GATEWAY]]
import { readFile } from 'node:fs/promises';
import { createServer } from 'node:http';

const WRITTEN_GATEWAY = 'http://127.0.0.1:8080';
const [folder, port = '8000', gateway = WRITTEN_GATEWAY] = process.argv.slice(2);
const types = { html: 'text/html; charset=utf-8', js: 'text/javascript; charset=utf-8' };
const libraries = new Map([
  ['/lib/echarts.min.js', new URL('../node_modules/echarts/dist/echarts.min.js', import.meta.url)],
  ['/lib/arrow.min.js', new URL('../node_modules/apache-arrow/Arrow.es2015.min.js', import.meta.url)],
]);

const server = createServer(async ({ url = '/' }, response) => {
  const path = url === '/' ? '/index.html' : url;
  const [, name, extension] = /^\/([\w-]+\.(html|js))$/.exec(path) ?? [];
  const library = libraries.get(path);
  try {
    if (name === undefined && library === undefined) throw new Error('No such file');
    const text = await readFile(library ?? new URL(`${folder}/${name}`, import.meta.url), 'utf8');
    response.setHeader('content-type', types[extension ?? 'js']);
    // The pages name the gateway's usual address; here they get the one that was given.
    response.end(library === undefined ? text.replaceAll(WRITTEN_GATEWAY, gateway) : text);
  } catch {
    response.writeHead(404).end();
  }
});
server.on('error', (error) => {
  console.error(`Port ${port} cannot be listened on (${error.code}); name another one after the folder.`);
  process.exitCode = 1;
});
server.listen(Number(port), '127.0.0.1', () => console.log(`Open http://127.0.0.1:${port}/`));
