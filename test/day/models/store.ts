// SPDX-License-Identifier: GPL-3.0-only
import { mkdirSync, readdirSync, readFileSync, renameSync } from 'node:fs';
import { join } from 'node:path';
import test from 'ava';
import { writeFiles } from '../../workspace/with-repository.ts';
import { openHub } from './simulated-hub.ts';
import { from, makePlace, openPlace, weights } from './with-hub.ts';

const folder = { 'config.json': '{}', 'a.bin': 'aa' };

test('a model is not put where others are, nor where somebody put a file', async (t) => {
  const place = await openPlace(t);
  const { path = '' } = await place.pull('org/a', { from });
  const hub = await openHub(t, { files: folder });
  const web = { from, hub: hub.url };
  await t.throwsAsync(place.pull('org', web), {
    name: 'UserError',
    message: /org: holds "a\.gguf", which is not part of the model "org".*; choose another name/,
  });
  t.deepEqual(readFileSync(path), weights);
  const { path: whole = '' } = await place.pull('m', web);
  writeFiles(whole, { 'sub/notes.txt': 'mine' });
  hub.put('a.bin', 'AA');
  await t.throwsAsync(place.pull('m', web), { message: /m: holds "sub\/notes\.txt"/ });
  t.is(readFileSync(join(whole, 'sub/notes.txt'), 'utf8'), 'mine');
  t.is(readFileSync(join(whole, 'a.bin'), 'utf8'), 'aa');
});

test('what a killed pull left is put right by the next one, whatever it fetches', async (t) => {
  const hub = await openHub(t, { files: folder });
  const place = await makePlace(t, hub.url);
  const { path: stopped = '' } = await place.pull('org/stopped', { from });
  const { path: done = '' } = await place.pull('org/done', { from });
  // Killed after the model had stepped aside, and after the new one had its name.
  renameSync(stopped, join(place.folder, 'org/.old-0123456789ab-stopped'));
  mkdirSync(join(place.folder, 'org/.old-ba9876543210-done'));
  writeFiles(join(place.folder, 'org/.new-0123456789ab'), { 'a.bin': 'half' });
  await place.pull('other', { from });
  t.deepEqual(readdirSync(join(place.folder, 'org')).sort(), ['done', 'stopped']);
  for (const path of [stopped, done])
    t.deepEqual(readdirSync(path).sort(), ['a.bin', 'config.json']);
});

test('a model that had stepped aside is not fetched again', async (t) => {
  const hub = await openHub(t, { files: folder });
  const place = await makePlace(t, hub.url);
  const { path = '' } = await place.pull('m', { from });
  renameSync(path, join(place.folder, '.old-0123456789ab-m'));
  t.is((await place.pull('m')).fetched, 0);
});
