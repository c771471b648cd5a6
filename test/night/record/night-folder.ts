// SPDX-License-Identifier: GPL-3.0-only
import { mkdirSync, writeFileSync } from 'node:fs';
import { basename, join } from 'node:path';
import test, { type ExecutionContext } from 'ava';
import {
  createNightFolder,
  readNight,
  unfinishedNights,
} from '../../../src/night/record/night-folder.ts';
import { temporaryFolder } from '../../workspace/with-repository.ts';

const start = '{"type":"night","state":"start"}\n';
const end = '{"type":"night","state":"end"}\n';

type Files = Readonly<Record<string, string>>;

const decided = { 'night.json': '{}' };
const whole = { ...decided, 'journal.jsonl': start + end };

/** Nights by name with their files; a text where there is a file and no folder. */
type Nights = Readonly<Record<string, Files | string>>;

const tracesOf = (t: ExecutionContext, nights: Nights): string => {
  const traces = temporaryFolder(t);
  for (const [name, files] of Object.entries(nights)) {
    const place = join(traces, name);
    if (typeof files === 'string') writeFileSync(place, files);
    else {
      mkdirSync(place);
      for (const [file, text] of Object.entries(files)) writeFileSync(join(place, file), text);
    }
  }
  return traces;
};

const unfinished: Readonly<Record<string, readonly [Nights, readonly string[]]>> = {
  'no night at all': [{}, []],
  'one that ended': [{ '2026-11-21': whole }, []],
  'one that was decided and wrote no journal yet': [{ '2026-11-21': decided }, ['2026-11-21']],
  'one that was not decided': [{ '2026-11-21': { 'night.json.new': '{' } }, []],
  'one whose last record is torn': [
    { '2026-11-21': { ...decided, 'journal.jsonl': start + end.slice(0, -1) } },
    ['2026-11-21'],
  ],
  'one that went on and did not end': [
    {
      '2026-11-21': { ...decided, 'journal.jsonl': `${start}{"type":"night","state":"resume"}\n` },
    },
    ['2026-11-21'],
  ],
  'one before another that ended': [
    { '2026-11-20': { ...decided, 'journal.jsonl': start }, '2026-11-21': whole },
    ['2026-11-20'],
  ],
  'several, in the order of their dates and numbers': [
    { '2026-11-21-10': decided, '2026-11-21-2': decided, '2026-11-21': decided },
    ['2026-11-21', '2026-11-21-2', '2026-11-21-10'],
  ],
  'what is no night': [{ 'README.md': 'Nights.', backup: { 'notes.txt': '' } }, []],
};

for (const [title, [nights, expected]] of Object.entries(unfinished)) {
  test(`to be resumed: ${title}`, async (t) => {
    const unfinishedFolders = await unfinishedNights(tracesOf(t, nights));
    t.deepEqual(
      unfinishedFolders.map((folder) => basename(folder)),
      expected,
    );
  });
}

test('without a folder of nights there is none to be resumed', async (t) => {
  t.deepEqual(await unfinishedNights('/nowhere/at/all'), []);
});

const created: Readonly<Record<string, readonly [Nights, string]>> = {
  'the first of its date': [{}, '2026-11-21'],
  'beside one that ended': [{ '2026-11-21': whole }, '2026-11-21-2'],
  'in place of one that was not decided': [{ '2026-11-21': {} }, '2026-11-21'],
  'in place of one that was half decided': [
    { '2026-11-21': { 'night.json.new': '{' } },
    '2026-11-21',
  ],
  'not in a folder of somebody else': [{ '2026-11-21': { 'notes.txt': '' } }, '2026-11-21-2'],
  'not where a file is': [{ '2026-11-21': 'a file' }, '2026-11-21-2'],
};

for (const [title, [nights, expected]] of Object.entries(created)) {
  test(`a new night lies ${title}`, async (t) => {
    const traces = tracesOf(t, nights);
    const { id, folder } = await createNightFolder(traces, '2026-11-21T02:00:00Z');
    t.is(id, expected);
    t.is(folder, join(traces, expected));
  });
}

test('a night that another version wrote is not resumed', async (t) => {
  const folder = join(tracesOf(t, { '2026-11-21': decided }), '2026-11-21');
  await t.throwsAsync(readNight(folder), {
    name: 'UserError',
    message: /night\.json: was not written by this version of Pantheon\. Start a new one$/,
  });
});
