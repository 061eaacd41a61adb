import { describe, expect, test } from 'vitest';
import { type CredentialedFetch, createBrowserFetch } from '../../../ui/client/browser-fetch.ts';

const OWN = 'http://page.example';
const OTHER = 'http://gateway.example/base/update_data';

const PATH = '/base/update_data';
const LOOK_IN = 'GET /base/healthz include';
const LOOK = 'GET /base/healthz omit';

/** A browser that lets answers through where `allows` says so. */
function browser(allows: (credentials: 'include' | 'omit') => boolean) {
  const asked: string[] = [];
  const fetch: CredentialedFetch = async (url, { method, credentials }) => {
    asked.push(`${method} ${new URL(url).pathname} ${credentials}`);
    if (!allows(credentials)) throw new TypeError('Failed to fetch');
    return { ok: true, status: 200, text: async () => url };
  };
  const own = createBrowserFetch(fetch, OWN);
  const post = (url: string) => own(url, { method: 'POST', headers: {}, credentials: 'include' });
  return { asked, post };
}

describe('a page asks a gateway', () => {
  test('of its own origin with its login, and nothing before', async () => {
    const { asked, post } = browser(() => true);
    await post(`${OWN}/update_data`);
    expect(asked).toEqual(['POST /update_data include']);
  });

  test.each([
    [
      'that allows the page, with its login',
      () => true,
      [LOOK_IN, `POST ${PATH} include`, `POST ${PATH} include`],
    ],
    [
      'that allows every page, without',
      (credentials: string) => credentials === 'omit',
      [LOOK_IN, LOOK, `POST ${PATH} omit`, `POST ${PATH} omit`],
    ],
  ])('of another origin %s', async (_, allows, expected) => {
    const { asked, post } = browser(allows);
    await post(OTHER);
    await post(OTHER);
    expect(asked).toEqual(expected);
  });

  test('that is away without sending what changes something, and anew once it is there', async () => {
    let isThere = false;
    const { asked, post } = browser(() => isThere);
    await expect(post(OTHER)).rejects.toThrow('Failed to fetch');
    expect(asked).toEqual([LOOK_IN, LOOK]);
    isThere = true;
    await post(OTHER);
    expect(asked.slice(2)).toEqual([LOOK_IN, `POST ${PATH} include`]);
  });
});
