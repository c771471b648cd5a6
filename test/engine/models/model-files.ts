// SPDX-License-Identifier: GPL-3.0-only

import { execFileSync } from 'node:child_process';
import { mkdirSync, symlinkSync, truncateSync, utimesSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import test from 'ava';
import { sha256 } from '../../../src/data/digest.ts';
import { installationFolder } from '../../../src/data/installation.ts';
import { hashTree, modelTree, totalDigest } from '../../../src/engine/models/model-digest.ts';
import {
  checkServedModel,
  type ModelForm,
  modelCheck,
  modelFolders,
  resolveModel,
} from '../../../src/engine/models/model-files.ts';
import { emptyLock, type ModelsLock, withPin } from '../../../src/engine/models/models-lock.ts';
import { type Files, temporaryFolder, writeFiles } from '../../workspace/with-repository.ts';

const weights = 'GGUF weights';
const setting = 'profiles.gpu.default';

const askIn = (folder: string, lock: ModelsLock = emptyLock) => ({
  setting,
  models: { folders: [folder, join(folder, 'shipped')], lock },
});

type Row = {
  readonly files: Files;
  readonly name: string;
  readonly form: ModelForm;
  readonly path: string;
  readonly digest: string;
};

/** As a person can work it out with sha256sum(1). */
const listed = (...files: readonly (readonly [string, string])[]) =>
  sha256(files.map(([path, text]) => `${sha256(text)}  ${path}\n`).join(''));

const rows: Readonly<Record<string, Row>> = {
  'a GGUF file': {
    files: { 'a.gguf': weights },
    name: 'a.gguf',
    form: 'gguf',
    path: 'a.gguf',
    digest: sha256(weights),
  },
  'the ending may be left out': {
    files: { 'q/a.gguf': weights },
    name: 'q/a',
    form: 'gguf',
    path: 'q/a.gguf',
    digest: sha256(weights),
  },
  'models/ before it means the same': {
    files: { 'a.gguf': weights },
    name: 'models/a.gguf',
    form: 'gguf',
    path: 'a.gguf',
    digest: sha256(weights),
  },
  'what ships with Pantheon': {
    files: { 'shipped/a.gguf': weights },
    name: 'a.gguf',
    form: 'gguf',
    path: 'shipped/a.gguf',
    digest: sha256(weights),
  },
  'a GGUF in parts': {
    files: {
      'a-00001-of-00002.gguf': weights,
      'a-00002-of-00002.gguf': 'GGUF more',
      'b.gguf': 'x',
    },
    name: 'a-00001-of-00002.gguf',
    form: 'gguf',
    path: 'a-00001-of-00002.gguf',
    digest: listed(['a-00001-of-00002.gguf', weights], ['a-00002-of-00002.gguf', 'GGUF more']),
  },
  'a folder with one GGUF and what a hub puts beside it': {
    files: { 'q/README.md': 'x', 'q/a.gguf': weights, 'q/config.json': '{}' },
    name: 'q',
    form: 'gguf',
    path: 'q/a.gguf',
    digest: listed(['README.md', 'x'], ['a.gguf', weights], ['config.json', '{}']),
  },
  'an OpenVINO folder': {
    files: { 'o/openvino_model.xml': '<net/>', 'o/openvino_model.bin': 'w', 'o/.git/x': 'x' },
    name: 'o',
    form: 'openvino',
    path: 'o',
    digest: listed(['openvino_model.bin', 'w'], ['openvino_model.xml', '<net/>']),
  },
  'a Hugging Face folder, its files in the order of their bytes': {
    files: { 'h/config.json': '{}', 'h/a/b.json': '1', 'h/a.json': '2', 'h/Z.json': '3' },
    name: 'h',
    form: 'hugging-face',
    path: 'h',
    digest: listed(['Z.json', '3'], ['a.json', '2'], ['a/b.json', '1'], ['config.json', '{}']),
  },
  'an adapter as PEFT writes it': {
    files: { 'l/adapter_config.json': '{}', 'l/adapter_model.safetensors': 'w' },
    name: 'l',
    form: 'peft-adapter',
    path: 'l',
    digest: listed(['adapter_config.json', '{}'], ['adapter_model.safetensors', 'w']),
  },
};

for (const [title, { files, name, form, path, digest }] of Object.entries(rows)) {
  test(`finds ${title}`, async (t) => {
    const folder = temporaryFolder(t);
    writeFiles(folder, files);
    const model = await resolveModel(name, askIn(folder));
    t.like(model, { name, form, path: join(folder, path), digest, pin: undefined });
    t.like(modelCheck(model), { name: 'model', state: 'warn' });
    t.true(modelCheck(model).detail.includes(digest));
    const pin = { digest };
    const pinned = await resolveModel(name, askIn(folder, withPin(emptyLock, name, pin)));
    t.deepEqual(pinned.pin, pin);
    t.is(modelCheck(pinned).state, 'ok');
  });
}

test('an absolute path is taken as it is', async (t) => {
  const folder = temporaryFolder(t);
  writeFiles(folder, { 'x/a.gguf': weights });
  const path = join(folder, 'x/a.gguf');
  t.is((await resolveModel(path, askIn(join(folder, 'nowhere')))).path, path);
});

test('the digest of a folder is what sha256sum says of its files', async (t) => {
  const folder = temporaryFolder(t);
  const files = { 'config.json': '{}', 'a/b': '1', 'a.b': '2', 'ä/ü': '3', Z: '4' };
  writeFiles(folder, files);
  const command = 'find . -type f -printf "%P\\n" | LC_ALL=C sort | xargs sha256sum | sha256sum';
  const said = execFileSync('sh', ['-c', command], { cwd: folder, encoding: 'utf8' });
  t.is(`${totalDigest(await hashTree(await modelTree(folder)))}  -\n`, said);
});

type Mistake = readonly [files: Files, name: string, message: RegExp, pin?: string];

const other = 'f'.repeat(64);

const mistakes: Readonly<Record<string, Mistake>> = {
  'nothing of that name': [
    {},
    'a.gguf',
    /^pantheon\.yaml: profiles\.gpu\.default\.model: there is no model \S+\/a\.gguf nor \S+\/shipped\/a\.gguf; fetch it by day with "pantheon models pull a\.gguf --from hub:OWNER\/REPO", or put it there$/,
  ],
  'a path upwards': [{ 'a.gguf': weights }, '../a.gguf', /is not the name of a model/],
  'a hidden folder': [{ '.a/a.gguf': weights }, '.a/a.gguf', /is not the name of a model/],
  'an absolute path that is not there': [
    {},
    '/nowhere/a.gguf',
    /no model \/nowhere\/a\.gguf; correct the path/,
  ],
  'a file of another format': [{ 'a.bin': 'PK\u0003\u0004' }, 'a.bin', /a\.bin is not a GGUF file/],
  'an empty file': [{ 'a.gguf': '' }, 'a.gguf', /is not a GGUF file/],
  'a file that announces more than it has': [
    { 'a.gguf': `GGUF\u0003${'\0'.repeat(11)}\u00ff\u00ff\u00ff\u00ff${'\0'.repeat(4)}` },
    'a.gguf',
    /a\.gguf is cut short or damaged/,
  ],
  'a folder without a model': [{ 'a/x.txt': '' }, 'a', /\/a does not contain a model: neither/],
  'a folder of several': [
    { 'a/x.gguf': weights, 'a/y.gguf': weights },
    'a',
    /several GGUF models; name one of them: x\.gguf, y\.gguf/,
  ],
  'a part that is missing': [
    { 'a-00001-of-00003.gguf': weights, 'a-00003-of-00003.gguf': weights },
    'a-00001-of-00003.gguf',
    /the part a-00002-of-00003\.gguf of this model is missing/,
  ],
  'a name that would change what sha256sum prints': [
    { 'a/config.json': '{}', 'a/x\ny': '' },
    'a',
    /is not a plain file/,
  ],
  'another file than the pinned one': [
    { 'a.gguf': weights },
    'a.gguf',
    new RegExp(
      `"a\\.gguf" at \\S+ is not what models\\.lock pins: expected sha256 ${other}, found ${sha256(weights)}; fetch it again`,
    ),
    other,
  ],
};

for (const [title, [files, name, message, digest]] of Object.entries(mistakes)) {
  test(`${title} is refused`, async (t) => {
    const folder = temporaryFolder(t);
    writeFiles(folder, files);
    const lock = digest === undefined ? emptyLock : withPin(emptyLock, name, { digest });
    await t.throwsAsync(resolveModel(name, askIn(folder, lock)), { name: 'UserError', message });
  });
}

const pinned = [
  { path: 'config.json', size: 2, sha256: sha256('{}') },
  { path: 'model.bin', size: 3, sha256: sha256('abc') },
];

const changes: Readonly<Record<string, readonly [Files, RegExp]>> = {
  'a file of another size': [{ 'model.bin': 'abcd' }, /model\.bin: expected 3 bytes, found 4/],
  'a file of other bytes': [
    { 'model.bin': 'abd' },
    new RegExp(`model\\.bin: expected sha256 ${sha256('abc')}, found ${sha256('abd')}`),
  ],
  'a file more': [{ 'more.bin': 'x' }, /more\.bin is there and is not pinned/],
};

for (const [title, [change, message]] of Object.entries(changes)) {
  test(`a pinned folder with ${title} is refused by name`, async (t) => {
    const folder = temporaryFolder(t);
    writeFiles(join(folder, 'm'), { 'config.json': '{}', 'model.bin': 'abc' });
    const lock = withPin(emptyLock, 'm', { digest: totalDigest(pinned), files: pinned });
    const ask = askIn(folder, lock);
    t.is((await resolveModel('m', ask)).bytes, 5);
    // What was read before does not hide what changed since.
    writeFiles(join(folder, 'm'), change);
    await t.throwsAsync(resolveModel('models/m', ask), { name: 'UserError', message });
  });
}

test('a file changed within its size and time is read again', async (t) => {
  const folder = temporaryFolder(t);
  const path = join(folder, 'a.gguf');
  writeFileSync(path, 'GGUF1');
  utimesSync(path, 1, 1);
  const before = await resolveModel('a.gguf', askIn(folder));
  writeFileSync(path, 'GGUF2');
  utimesSync(path, 1, 1);
  t.not((await resolveModel('a.gguf', askIn(folder))).digest, before.digest);
});

test('links to files are followed, to folders and to nowhere not', async (t) => {
  const folder = temporaryFolder(t);
  writeFiles(folder, { 'blobs/x': '{}', 'm/a.json': '{}' });
  symlinkSync('../blobs/x', join(folder, 'm/config.json'));
  t.is((await resolveModel('m', askIn(folder))).form, 'hugging-face');
  mkdirSync(join(folder, 'n'));
  symlinkSync('../m', join(folder, 'n/sub'));
  await t.throwsAsync(resolveModel('n', askIn(folder)), { message: /n\/sub: is not a plain file/ });
});

test('a large file is read in bounded memory', (t) => {
  const folder = temporaryFolder(t);
  writeFiles(folder, { 'a.gguf': 'GGUF' });
  truncateSync(join(folder, 'a.gguf'), 320 * 1024 * 1024);
  // In a process of its own: tests that run beside it take memory too.
  const source = new URL('../../../src/engine/models/model-files.ts', import.meta.url).href;
  const program = `const { resolveModel } = await import(${JSON.stringify(source)});
    const asked = ${JSON.stringify(askIn(folder))};
    const before = process.resourceUsage().maxRSS;
    await resolveModel('a.gguf', asked);
    console.log(process.resourceUsage().maxRSS - before);`;
  const more = Number(execFileSync(process.execPath, ['--input-type=module', '-e', program]));
  t.true(more < 160 * 1024, `${more} KiB`);
});

const served = withPin(emptyLock, 'qwen3:4b', { digest: other });

test('a server’s model is held to its pin by the digest it tells', (t) => {
  const ask = { setting, models: { folders: [], lock: served } };
  t.is(checkServedModel('qwen3:4b', other, ask).state, 'ok');
  t.is(checkServedModel('other', sha256(''), ask).state, 'warn');
  t.is(checkServedModel('qwen3:4b', undefined, { setting }).state, 'warn');
  t.throws(() => checkServedModel('qwen3:4b', sha256(''), ask), {
    name: 'UserError',
    message: new RegExp(
      `^pantheon\\.yaml: ${setting}\\.model: .*expected sha256 ${other}, the server has ${sha256('')}`,
    ),
  });
  t.throws(() => checkServedModel('qwen3:4b', undefined, ask), { message: /tells no digest/ });
});

test('the models folder is that of the environment', (t) => {
  const [userFolder, shipped] = modelFolders({ PANTHEON_MODELS: '/m' });
  t.deepEqual([userFolder, shipped], ['/m', join(installationFolder, 'models')]);
  t.is(modelFolders({ XDG_DATA_HOME: '/d' })[0], '/d/pantheon/models');
  t.true(modelFolders({ XDG_DATA_HOME: 'relative' })[0]?.endsWith('/.local/share/pantheon/models'));
});

test('a folder that goes deeper than models do is none', async (t) => {
  const folder = temporaryFolder(t);
  writeFiles(folder, { [`${'x/'.repeat(9)}config.json`]: '{}' });
  await t.throwsAsync(modelTree(folder), { name: 'UserError', message: /more than 8 deep/ });
});

test('a folder with more files than models have is none', async (t) => {
  const folder = temporaryFolder(t);
  execFileSync('sh', ['-c', 'seq 0 10000 | xargs touch'], { cwd: folder });
  await t.throwsAsync(modelTree(folder), { name: 'UserError', message: /more than 10000 files/ });
});
