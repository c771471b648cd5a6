// SPDX-License-Identifier: GPL-3.0-only
import { cpSync, mkdirSync, renameSync, rmSync, symlinkSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { encodeDirectory, encodeEntry } from '../../../src/trace/zip-format.ts';
import { flip, forgePack, reseal, workOf } from './with-artifacts.ts';

export type Harm = (artifacts: string) => Promise<unknown> | unknown;

/** The pack of the spec `one` in an artifact of `work`. */
export const pack = 'one/work.shard-0.zip';

/** What may be done to artifacts on their way, and how the refusal says so. */
export const harms: Readonly<Record<string, readonly [Harm, RegExp]>> = {
  'an altered pack': [
    (artifacts) => flip(join(workOf(artifacts), pack), 'done', 'DONE'),
    /node\.work\.shard-0\.attempt-1 one\/work\.shard-0\.zip was altered/,
  ],
  'an altered pack that is listed anew': [
    async (artifacts) => {
      flip(join(workOf(artifacts), pack), 'done', 'DONE');
      await reseal(workOf(artifacts));
    },
    /node\.work\.shard-0\.attempt-1 contains something that is not a bundle of it: one\/work\.shard-0\.zip.*(?:altered|checksum)/,
  ],
  'a pack that leaves its folder': [
    async (artifacts) => {
      const [header, data] = encodeEntry('../../evil/x/manifest.json', Buffer.from('{}'));
      const name = '../../evil/x/manifest.json';
      const entry = { name, deflated: false, crc: header.readUInt32LE(14), packedSize: 2, size: 2 };
      const end = header.length + data.length;
      const directory = encodeDirectory([{ ...entry, offset: 0, dataOffset: header.length, end }]);
      writeFileSync(join(workOf(artifacts), pack), Buffer.concat([header, data, ...directory]));
      await reseal(workOf(artifacts));
    },
    /node\.work\.shard-0\.attempt-1 contains something that is not a bundle of it: .*\.\.\/\.\.\/evil/,
  ],
  'a link': [
    (artifacts) => {
      rmSync(join(workOf(artifacts), pack));
      symlinkSync('/etc/hostname', join(workOf(artifacts), pack));
    },
    /node\.work\.shard-0\.attempt-1 one\/work\.shard-0\.zip is not a plain file/,
  ],
  'a file more': [
    (artifacts) => writeFileSync(join(workOf(artifacts), 'one/more.zip'), 'x'),
    /node\.work\.shard-0\.attempt-1 holds one\/more\.zip, which its job did not leave/,
  ],
  'a file less': [
    (artifacts) => rmSync(join(workOf(artifacts), pack)),
    /node\.work\.shard-0\.attempt-1 one\/work\.shard-0\.zip is missing/,
  ],
  'a renamed artifact': [
    (artifacts) => {
      rmSync(workOf(artifacts), { recursive: true });
      cpSync(join(artifacts, 'node.test.shard-0.attempt-1'), workOf(artifacts), {
        recursive: true,
      });
    },
    /node\.work\.shard-0\.attempt-1 was left as "node\.test\.shard-0\.attempt-1"/,
  ],
  'a pull request that no gate made': [
    async (artifacts) => {
      mkdirSync(join(workOf(artifacts), 'one/pull-request'));
      writeFileSync(join(workOf(artifacts), 'one/pull-request/commit.bundle'), 'x');
      await reseal(workOf(artifacts));
    },
    /holds one\/pull-request\/commit\.bundle, which the job of work does not leave/,
  ],
  "another shard's spec": [
    async (artifacts) => {
      mkdirSync(join(workOf(artifacts), 'second'));
      cpSync(join(workOf(artifacts), pack), join(workOf(artifacts), 'second/work.shard-0.zip'));
      await reseal(workOf(artifacts));
    },
    /holds second\/work\.shard-0\.zip, and second is not in shard 0/,
  ],
  "another node's bundles": [
    async (artifacts) => {
      cpSync(
        join(artifacts, 'node.test.shard-0.attempt-1/one/test.shard-0.zip'),
        join(workOf(artifacts), pack),
      );
      await reseal(workOf(artifacts));
    },
    /contains a bundle of test, not only of work/,
  ],
  'bundles of another night': [
    (artifacts) =>
      forgePack(
        workOf(artifacts),
        { unit: 'box-a-txt', node: 'work' },
        { 'output.json': '{}' },
        'other',
      ),
    /contains a bundle of night other, not of 2026-11-01/,
  ],
  'a broken later attempt': [
    (artifacts) => {
      const later = workOf(artifacts).replace('attempt-1', 'attempt-10');
      cpSync(workOf(artifacts), later, { recursive: true });
      cpSync(workOf(artifacts), workOf(artifacts).replace('attempt-1', 'attempt-9'), {
        recursive: true,
      });
    },
    /node\.work\.shard-0\.attempt-10 was left as "node\.work\.shard-0\.attempt-1"/,
  ],
  'a name of no artifact': [
    (artifacts) => renameSync(workOf(artifacts), join(artifacts, 'node.work.shard-00')),
    /"node\.work\.shard-00" is not an artifact of a night/,
  ],

  'what its engines did, in a form that no job writes,': [
    async (artifacts) => {
      writeFileSync(join(workOf(artifacts), 'engines-node.work.shard-0.attempt-1.json'), '[{}]');
      await reseal(workOf(artifacts));
    },
    /holds engines-node\.work\.shard-0\.attempt-1\.json, which is not what a job writes/,
  ],
};
