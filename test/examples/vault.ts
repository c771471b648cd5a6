// SPDX-License-Identifier: GPL-3.0-only
import { spawnSync } from 'node:child_process';
import { readdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import test from 'ava';

const root = fileURLToPath(new URL('../..', import.meta.url));
const vault = join(root, 'examples/vault');

const notes = new Map(
  readdirSync(vault, { recursive: true, encoding: 'utf8' })
    .filter((path) => path.endsWith('.md') && !path.includes('node_modules'))
    .map((path) => [path, readFileSync(join(vault, path))] as const),
);

const textOf = (bytes: Uint8Array): string => Buffer.from(bytes).toString('utf8');

const matching = (matches: (text: string, path: string, bytes: Uint8Array) => boolean) =>
  [...notes].filter(([path, bytes]) => matches(textOf(bytes), path, bytes)).map(([path]) => path);

/** Names of the top-level keys of a leading frontmatter block; `undefined` where there is none. */
const keysOf = (text: string): readonly string[] | undefined =>
  /^\uFEFF?---\r?\n([\s\S]*?\S[\s\S]*?)\r?\n---\r?\n/
    .exec(text)?.[1]
    ?.split(/\r?\n/)
    .flatMap((line) => /^([a-z]+):/.exec(line)?.[1] ?? []);

const headings = (text: string): number => text.match(/^# .+$/gm)?.length ?? 0;

test('holds about two dozen notes', (t) => {
  t.true(notes.size >= 22 && notes.size <= 28, `${notes.size}`);
});

const mess: Readonly<Record<string, () => readonly string[]>> = {
  'no frontmatter': () => matching((text) => text.startsWith('# ')),
  'half a frontmatter': () =>
    matching((text) => keysOf(text)?.includes('tags') === true && !keysOf(text)?.includes('title')),
  'a frontmatter that needs nothing': () =>
    matching((text) => /^---\ntitle: .*\ntags:\n {2}- /.test(text)),
  'hashtags as status': () => matching((text) => /#(?:status\/|in-progress|draft|wip)/.test(text)),
  'hashtags as labels': () => matching((text) => /^#\w+ #\w+/m.test(text)),
  'hashes that are no tags': () => matching((text) => /#412/.test(text) && /#ff8800/.test(text)),
  'hashtags inside code': () => matching((text) => /```sh[^`]*\n#not-a-tag/.test(text)),
  'emoji headings': () => matching((text) => /^# \p{Extended_Pictographic}/mu.test(text)),
  'two titles': () => matching((text) => headings(text.replace(/```[\s\S]*?```/g, '')) > 1),
  'a title that is not the heading': () =>
    matching(
      (text) =>
        keysOf(text)?.includes('title') === true &&
        !text.includes(`# ${/^title: "?(.*?)"?$/m.exec(text)?.[1]}`),
    ),
  'an underlined heading': () => matching((text) => /^\S.*\n=+$/m.test(text)),
  'no heading at all': () =>
    matching((text) => text !== '' && /^[a-z]/.test(text) && headings(text) === 0),
  'CRLF without frontmatter': () => matching((text) => /^# .*\r\n/.test(text)),
  'CRLF with frontmatter': () => matching((text) => text.startsWith('---\r\n')),
  'a byte order mark before a heading': () => matching((text) => text.startsWith('\uFEFF# ')),
  'a byte order mark before frontmatter': () => matching((text) => text.startsWith('\uFEFF---\n')),
  'a non-ASCII name with spaces': () =>
    matching((_, path) => /[^\x20-\x7e]/.test(path) && path.includes(' ')),
  'an emoji name': () => matching((_, path) => /\p{Extended_Pictographic}/u.test(path)),
  'merge-conflict markers': () =>
    matching((text) => /^<{7} .*\n[\s\S]*^={7}\n[\s\S]*^>{7} /m.test(text)),
  'a rule that is no frontmatter': () => matching((text) => text.startsWith('---\n\n')),
  'a key twice': () =>
    matching((text) => {
      const keys = keysOf(text) ?? [];
      return new Set(keys).size < keys.length;
    }),
  'comments in frontmatter': () => matching((text) => /^---\n# /.test(text)),
  'an empty file': () => matching((_, __, bytes) => bytes.length === 0),
  'a binary named .md': () => matching((_, __, bytes) => bytes.includes(0)),
};

for (const [what, find] of Object.entries(mess)) {
  test(`has ${what}`, (t) => {
    t.true(find().length > 0);
  });
}

const inside = spawnSync('git', ['rev-parse', '--is-inside-work-tree'], { cwd: root });
const checkoutTest = inside.status === 0 ? test : test.skip;

checkoutTest('git keeps the bytes as they are (needs a checkout)', (t) => {
  const paths = [...notes.keys()].map((path) => `examples/vault/${path}`);
  const { stdout } = spawnSync('git', ['check-attr', '-z', 'text', '--', ...paths], {
    cwd: root,
    encoding: 'utf8',
  });
  const values = stdout.split('\0').filter((_, index) => index % 3 === 2);
  t.is(values.length, paths.length);
  t.deepEqual([...new Set(values)], ['unset']);
});

test('names no address of the world outside', (t) => {
  t.deepEqual(
    matching((text) => /https?:\/\//.test(text)),
    [],
  );
});

test('links between the notes resolve', (t) => {
  for (const [path, bytes] of notes) {
    for (const [, target = ''] of textOf(bytes).matchAll(/\]\(([^)#:]+)\)/g)) {
      const found = join(path, '..', decodeURI(target));
      t.true(notes.has(found), `${path} links to ${target}`);
    }
  }
});
