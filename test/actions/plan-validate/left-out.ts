// SPDX-License-Identifier: GPL-3.0-only
import { readFileSync } from 'node:fs';
import test from 'ava';
import { leftOut } from '../../../actions/plan-validate/left-out.ts';
import { treeOf } from '../../../bench/docs/chore.ts';
import { agentSchema, type ModelManifest } from '../../../src/agent/schema.ts';
import { parsePlaced } from '../../../src/data/read-document.ts';
import { normaliseSpec, specFileSchema } from '../../../src/spec/schema.ts';
import type { BaseTree } from '../../../src/workspace/base-tree.ts';

const agentIn = (agent: string): ModelManifest => {
  const name = `actions/${agent}/agent.yaml`;
  const text = readFileSync(new URL(`../../../${name}`, import.meta.url), 'utf8');
  return parsePlaced({ name, text }, agentSchema).data as ModelManifest;
};

const names = [
  'n/good.md',
  'n/UPPER.MD',
  'n/x.Markdown',
  'n/tab\t.md',
  'n/back\\slash.md',
  'n/page.mdx',
  'n/picture.png',
  'n/tab\t.png',
  'other/page.mdx',
];
const links = ['n/link.md', 'n/link.png'].map(
  (path) => [path, { mode: '120000', oid: '0'.repeat(40), size: 1 }] as const,
);
const plain = treeOf(Object.fromEntries(names.map((name) => [name, new Uint8Array()])));
const base: BaseTree = {
  ...plain,
  entries: new Map([...plain.entries, ...links]),
  unreadable: ['"n/\\377.md"', '"n/\\377.png"', '"other/\\377.md"'],
};

const leftBy = (agent: string) => {
  const file = { title: 'T', scope: ['n/'], acceptance: ['Every note has a title'] };
  return leftOut(normaliseSpec(specFileSchema.parse(file), 'spec'), agentIn(agent), base);
};

test('names the notes in scope that are not worked, each with its reason', (t) => {
  t.deepEqual(
    leftBy('doc-frontmatter').map(({ path, reason }) => `${path} ${reason}`),
    [
      '"n/tab\\t.md" has a name that contains a control character',
      '"n/back\\\\slash.md" has a name that contains a backslash',
      'n/page.mdx has the ending .mdx',
      'n/link.md is a symbolic link',
      '"n/\\377.md" has a name that is not UTF-8',
    ],
  );
});

test('names none for an agent that works a spec as a whole', (t) => {
  t.deepEqual(leftBy('codegen'), []);
});
