// SPDX-License-Identifier: GPL-3.0-only
import { cpSync, mkdirSync, renameSync, rmSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { encodeDirectory, encodeEntry } from '../../../src/trace/zip-format.ts';
import { flip, forgePack, reseal } from './with-artifacts.ts';

/** `work` is the artifact of `work` among the artifacts. */
export type Harm = (work: string, artifacts: string) => Promise<unknown> | unknown;

/** The pack of the spec `one` in an artifact of `work`. */
export const pack = 'one/work.shard-0.zip';

/** What may be done to artifacts on their way, and how the refusal says so. */
export const harms: Readonly<Record<string, readonly [Harm, RegExp]>> = {
  'an altered pack': [
    (work) => flip(join(work, pack), 'done', 'DONE'),
    /node\.work\.shard-0\.attempt-1 one\/work\.shard-0\.zip was altered/,
  ],
  'an altered pack that is listed anew': [
    async (work) => {
      flip(join(work, pack), 'done', 'DONE');
      await reseal(work);
    },
    /node\.work\.shard-0\.attempt-1 contains something that is not a bundle of it: one\/work\.shard-0\.zip.*(?:altered|checksum)/,
  ],
  'a pack that leaves its folder': [
    async (work) => {
      const [header, data] = encodeEntry('../../evil/x/manifest.json', Buffer.from('{}'));
      const name = '../../evil/x/manifest.json';
      const entry = { name, deflated: false, crc: header.readUInt32LE(14), packedSize: 2, size: 2 };
      const end = header.length + data.length;
      const directory = encodeDirectory([{ ...entry, offset: 0, dataOffset: header.length, end }]);
      writeFileSync(join(work, pack), Buffer.concat([header, data, ...directory]));
      await reseal(work);
    },
    /node\.work\.shard-0\.attempt-1 contains something that is not a bundle of it: .*\.\.\/\.\.\/evil/,
  ],
  'a file less': [
    (work) => rmSync(join(work, pack)),
    /node\.work\.shard-0\.attempt-1 one\/work\.shard-0\.zip is missing/,
  ],
  'a renamed artifact': [
    (work, artifacts) => {
      rmSync(work, { recursive: true });
      cpSync(join(artifacts, 'node.test.shard-0.attempt-1'), work, { recursive: true });
    },
    /node\.work\.shard-0\.attempt-1 was left as "node\.test\.shard-0\.attempt-1"/,
  ],
  'a pull request that no gate made': [
    async (work) => {
      mkdirSync(join(work, 'one/pull-request'));
      writeFileSync(join(work, 'one/pull-request/commit.bundle'), 'x');
      await reseal(work);
    },
    /holds one\/pull-request\/commit\.bundle, which the job of work does not leave/,
  ],
  "another shard's spec": [
    async (work) => {
      mkdirSync(join(work, 'second'));
      cpSync(join(work, pack), join(work, 'second/work.shard-0.zip'));
      await reseal(work);
    },
    /holds second\/work\.shard-0\.zip, and second is not in shard 0/,
  ],
  "another node's bundles": [
    async (work, artifacts) => {
      cpSync(join(artifacts, 'node.test.shard-0.attempt-1/one/test.shard-0.zip'), join(work, pack));
      await reseal(work);
    },
    /contains a bundle of test, not only of work/,
  ],
  'bundles of another night': [
    (work) =>
      forgePack(work, { unit: 'box-a-txt', node: 'work' }, { 'output.json': '{}' }, 'other'),
    /contains a bundle of night other, not of 2026-11-01/,
  ],
  'a broken later attempt': [
    (work) => {
      const later = work.replace('attempt-1', 'attempt-10');
      cpSync(work, later, { recursive: true });
      cpSync(work, work.replace('attempt-1', 'attempt-9'), { recursive: true });
    },
    /node\.work\.shard-0\.attempt-10 was left as "node\.work\.shard-0\.attempt-1"/,
  ],
  'a name of no artifact': [
    (work, artifacts) => renameSync(work, join(artifacts, 'node.work.shard-00')),
    /"node\.work\.shard-00" is not an artifact of a night/,
  ],

  'what its engines did, in a form that no job writes,': [
    async (work) => {
      writeFileSync(join(work, 'engines-node.work.shard-0.attempt-1.json'), '[{}]');
      await reseal(work);
    },
    /holds engines-node\.work\.shard-0\.attempt-1\.json, which is not what a job writes/,
  ],
};
