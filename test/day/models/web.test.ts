// SPDX-License-Identifier: GPL-3.0-only
import test from 'ava';
import { sha256 } from '../../../src/data/digest.ts';
import { openWeb } from '../../../src/day/models/web.ts';
import { openHub } from './simulated-hub.ts';
import { files, from, makePlace, weights } from './with-hub.ts';

const redirects: Readonly<Record<string, readonly [location: string, message: RegExp]>> = {
  'plain http elsewhere': [
    'http://mirror.example/x',
    /redirects to http:\/\/mirror\.example\/x, which is not https/,
  ],
  'a file of this machine': ['file:///etc/passwd', /which is not https/],
  'an address with a password': ['https://user:pass@mirror.example/x', /which is not a URL/],
  'loopback by name': ['http://localhost/x', /which is not https/],
  'itself for ever': [
    '/owner/model/resolve/c0ffeec0ffeec0ffeec0ffeec0ffeec0ffeec0ff/tiny.gguf',
    /redirects more than 8 times/,
  ],
};

for (const [title, [location, message]] of Object.entries(redirects)) {
  test(`a redirect to ${title} is refused`, async (t) => {
    const hub = await openHub(t, { files, location: () => location });
    const place = await makePlace(t, hub.url);
    await t.throwsAsync(place.pull('tiny', { from }), { name: 'UserError', message });
  });
}

test('the account’s token goes to the hub and not to where it redirects', async (t) => {
  const elsewhere = await openHub(t, {
    files,
    mischief: ({ request, response }) => {
      if (request.headers.authorization === undefined) return false;
      response.writeHead(500).end();
      return true;
    },
  });
  const hub = await openHub(t, {
    files,
    token: 'secret',
    location: () => `${elsewhere.url}cdn/tiny.gguf`,
  });
  const place = await makePlace(t, hub.url);
  const web = await openWeb({ token: { origin: new URL(hub.url).origin, value: 'secret' } });
  t.teardown(() => web.close());
  t.is((await place.pull('tiny', { from, web })).digest, sha256(weights));
  await t.throwsAsync(place.pull('tiny', { from }), { message: /HTTP 401/ });
});
