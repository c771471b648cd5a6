// SPDX-License-Identifier: GPL-3.0-only
import test from 'ava';
import { createPathVerifier, type ProposedCall } from '../../src/boundary/verifier.ts';

const verifier = createPathVerifier({
  mayRead: (path) => path.startsWith('docs/') || path === 'README.md',
  mayWrite: (path) => path.startsWith('docs/'),
  writable: ['docs/**'],
});

const table: Readonly<
  Record<string, readonly [touches: ProposedCall['touches'], rule?: string, reason?: RegExp]>
> = {
  nothing: [{}],
  'reading in reach': [{ reads: ['README.md', 'docs/a.md'] }],
  'writing in scope': [{ writes: ['docs/a.md'] }],
  'reading out of reach': [
    { reads: ['docs/a.md', 'src/a.ts'] },
    'scope',
    /^src\/a\.ts may not be read/,
  ],
  'writing what may only be read': [
    { reads: ['README.md'], writes: ['README.md'] },
    'scope',
    /only docs\/\*\* may be/,
  ],
  'leading upwards': [{ writes: ['docs/../src/a.ts'] }, 'path-parts', /upwards/],
  'an absolute path': [{ reads: ['/etc/passwd'] }, 'path-absolute', /absolute/],
  'a NUL': [{ writes: ['docs/a\0.md'] }, 'path-characters', /control character/],
  'git itself': [{ writes: ['docs/.GIT/config'] }, 'path-git', /git's own/],
};

for (const [title, [touches, rule, reason]] of Object.entries(table)) {
  test(`${rule ? 'denies' : 'allows'}: ${title}`, async (t) => {
    const ruling = await verifier.verify({ agent: 'a', tool: 'b', args: {}, touches });
    t.is(ruling.allow, rule === undefined);
    if (!ruling.allow) {
      t.is(ruling.rule, rule!);
      t.regex(ruling.reason, reason!);
    }
  });
}
