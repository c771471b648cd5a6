// SPDX-License-Identifier: GPL-3.0-only
import { readFileSync, rmSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { type Files, plainGit } from '../../workspace/with-repository.ts';
import { type House, readJson } from '../support/with-night.ts';

/** What somebody does between the gate's decision and publish. */
export type Tampering = (proposal: string, house: House) => void;

export const editRecord =
  (change: Readonly<Record<string, unknown>>): Tampering =>
  (proposal) => {
    const record = readJson(proposal, 'pull-request.json');
    const changed = { ...(record as object), ...change };
    writeFileSync(join(proposal, 'pull-request.json'), JSON.stringify(changed, null, 2));
  };

/** A bundle of another commit on the same base, under the name the gate's bundle has. */
export const forgeBundle = (proposal: string, { folder, run }: House, content: Files) => {
  const clone = join(proposal, 'clone');
  run(['clone', '-q', folder, clone]);
  const git = plainGit(clone);
  for (const [path, text] of Object.entries(content)) writeFileSync(join(clone, path), text);
  git(['add', '-A']);
  git(['commit', '-q', '-m', 'Forged']);
  git(['update-ref', 'refs/pantheon/commit', 'HEAD']);
  git([
    'bundle',
    'create',
    '-q',
    join(proposal, 'commit.bundle'),
    'refs/pantheon/commit',
    '^HEAD~1',
  ]);
  const commit = git(['rev-parse', 'HEAD']).trim();
  rmSync(clone, { recursive: true });
  return commit;
};

/** Each is noticed by what it makes publish say. */
export const tamperings: Readonly<Record<string, readonly [Tampering, RegExp]>> = {
  'the bundle’s bytes': [
    (proposal) => {
      const file = join(proposal, 'commit.bundle');
      const bytes = readFileSync(file);
      bytes.writeUInt8(bytes.readUInt8(bytes.length - 40) ^ 1, bytes.length - 40);
      writeFileSync(file, bytes);
    },
    /commit\.bundle|index-pack|bundle/,
  ],
  'the bundle cut short': [
    (proposal) => {
      const file = join(proposal, 'commit.bundle');
      writeFileSync(file, readFileSync(file).subarray(0, 100));
    },
    /bundle/,
  ],
  'the bundle taken away': [
    (proposal) => rmSync(join(proposal, 'commit.bundle')),
    /commit\.bundle/,
  ],
  'a bundle of another commit': [
    (proposal, house) => {
      forgeBundle(proposal, house, { 'cup/a.txt': 'evil\n' });
    },
    /is not a git bundle of/,
  ],
  'a bundle of another commit, and the record to match': [
    (proposal, house) => {
      const commit = forgeBundle(proposal, house, { 'cup/a.txt': 'evil\n' });
      editRecord({ commit })(proposal, house);
    },
    /pull-request\.json/,
  ],
  'the record’s branch': [editRecord({ branch: 'main' }), /pull-request\.json/],
  'the record’s text': [editRecord({ body: '# Trust me\n' }), /pull-request\.json/],
  'the record’s digest': [editRecord({ digest: 'f'.repeat(64) }), /pull-request\.json/],
  'the record’s shape': [editRecord({ more: 1 }), /pull-request\.json/],
  'the record’s syntax': [
    (proposal) => writeFileSync(join(proposal, 'pull-request.json'), '{'),
    /pull-request\.json/,
  ],
  'the record taken away': [
    (proposal) => rmSync(join(proposal, 'pull-request.json')),
    /pull-request\.json/,
  ],
};
