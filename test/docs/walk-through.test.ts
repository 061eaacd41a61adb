import { afterEach, expect, test } from 'vitest';
import { fromValues } from '../../protocol/arrow/from-values.ts';
import { type InProcessGateway, startInProcess } from './in-process-gateway.ts';
import { codeBlocks, readDocument, section } from './markdown.ts';
import { openViewer, type Viewer } from './viewer.ts';

let gateway: InProcessGateway | undefined;
let viewer: Viewer | undefined;
afterEach(async () => {
  viewer?.close();
  await gateway?.close();
});

test('the walk-through of PROTOCOL.md is what goes over the wire', async () => {
  const blocks = codeBlocks(section(readDocument('protocol/PROTOCOL.md'), '## Walk-through'));
  gateway = await startInProcess();
  const { epoch } = gateway.gateway.parts.log;
  const next = (info: string) => {
    const block = blocks.shift();
    expect(block?.info).toBe(info);
    return block?.text.replaceAll('EPOCH', epoch).replaceAll('\n', '') ?? '';
  };
  const bytes = () => Buffer.from(next('hex'), 'hex');

  viewer = await openViewer(gateway.url);
  expect(await viewer.message()).toEqual(JSON.parse(next('json gateway')));
  viewer.socket.send(next('json viewer'));
  expect(await viewer.commit()).toEqual({ ...JSON.parse(next('json gateway')), payloads: [] });

  const name = bytes();
  const stream = bytes();
  expect(stream.length).toBe(472);
  gateway.send(name, stream);
  const payloads = [new Uint8Array(stream)];
  expect(await viewer.commit()).toEqual({ ...JSON.parse(next('json gateway')), payloads });

  gateway.send(name, next('json header'), fromValues([{ city: 'Kyiv', celsius: -3.5 }]));
  expect((await gateway.request('tables/weather')).json).toMatchObject({ staged: 1, rows: 2 });
  const answer = await gateway.request('update_data', { method: 'POST' });
  expect(answer.text).toBe(next('json'));
  expect(await viewer.commit()).toMatchObject(JSON.parse(next('json gateway')));
  viewer.socket.send(next('json viewer'));
  const read = await gateway.request('tables/weather.json');
  expect(read.headers.get('tablecast-version')).toBe('2');
  expect(read.text).toBe(next('json'));
  expect(blocks).toEqual([]);
});
