import { expect, test } from 'vitest';
import { pageUrl } from '../../gateway/http/page-url.ts';

test.each([
  ['127.0.0.1', null, '', 'http://127.0.0.1:8080/'],
  ['localhost', null, '/live', 'http://localhost:8080/live/'],
  ['::1', null, '', 'http://[::1]:8080/'],
  ['0.0.0.0', null, '', 'http://127.0.0.1:8080/'],
  ['::', 'cert.pem', '/tables', 'https://[::1]:8080/tables/'],
  ['gateway.lan', 'cert.pem', '', 'https://gateway.lan:8080/'],
])(
  'listening on %s the page is told where a browser of this machine finds it',
  (host, tlsCert, basePath, url) => {
    expect(pageUrl({ host, tlsCert, basePath }, 8080)).toBe(url);
  },
);
