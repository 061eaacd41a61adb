// What may hold a gateway up, and somebody who asks it for something small meanwhile. Each is a process of its own.
import { request } from 'node:http';
import { serveParent } from '../lib/serve-parent.mjs';

let isAsking = false;
/** @type {number[]} */
let tookMs = [];
/** @type {NodeJS.Timeout | undefined} */
let drawing;
/** @type {Promise<number>[]} */
let charts = [];

/** @param {number} bytes */
function csvOf(bytes) {
  const block = Buffer.from(Array.from({ length: 1000 }, (_, i) => `${i},${i / 4},name ${i}\n`).join(''));
  return Buffer.concat([
    Buffer.from('id,v,name\n'),
    ...new Array(Math.ceil(bytes / block.length)).fill(block),
  ]);
}

/** @param {number} port @param {string} path @param {Buffer} [body] CSV to post @returns {Promise<number>} the status */
function exchange(port, path, body) {
  const options = body === undefined ? {} : { method: 'POST', headers: { 'content-type': 'text/csv' } };
  return new Promise((resolve, reject) => {
    const sent = request({ host: '127.0.0.1', port, path, ...options });
    sent.once('error', reject).once('response', (answer) => {
      answer.resume().once('end', () => resolve(answer.statusCode ?? 0));
    });
    sent.end(body);
  });
}

serveParent({
  /** @param {{ port: number, path: string, bytes: number }} options @returns {Promise<number>} what it took, milliseconds */
  async post({ port, path, bytes }) {
    const body = csvOf(bytes);
    const startedAt = performance.now();
    const status = await exchange(port, path, body);
    if (status !== 200) throw new Error(`${path} answers ${status}`);
    return performance.now() - startedAt;
  },

  /** Asks for charts that were not drawn before. @param {{ port: number, table: string, perSecond: number }} options */
  startDrawing({ port, table, perSecond }) {
    charts = [];
    drawing = setInterval(() => {
      charts.push(exchange(port, `/tables/${table}/chart.svg?title=${performance.now()}`));
    }, 1000 / perSecond);
  },

  /** @returns {Promise<number>} how many were drawn */
  async stopDrawing() {
    clearInterval(drawing);
    return (await Promise.all(charts)).filter((status) => status === 200).length;
  },

  /** One request after the other until told to stop. @param {{ port: number, path: string }} options */
  startAsking({ port, path }) {
    isAsking = true;
    tookMs = [];
    void (async () => {
      while (isAsking) {
        const startedAt = performance.now();
        await exchange(port, path);
        tookMs.push(performance.now() - startedAt);
      }
    })();
  },

  /** @returns {readonly number[]} what each request took, milliseconds */
  stopAsking() {
    isAsking = false;
    return tookMs;
  },
});
