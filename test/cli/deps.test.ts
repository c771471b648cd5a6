// SPDX-License-Identifier: GPL-3.0-only
import { existsSync, readdirSync, readlinkSync } from 'node:fs';
import { join } from 'node:path';
import test from 'ava';
import { preparedFolder } from '../../src/boundary/dependencies.ts';
import { deps } from '../../src/cli/deps.ts';
import { makeRepository, temporaryFolder } from '../workspace/with-repository.ts';

/* npm installs a package of the repository itself here, so that no network is needed. */
const manifest = JSON.stringify({
  name: 'top',
  version: '1.0.0',
  scripts: { preinstall: 'touch ran-a-script', postinstall: 'touch ran-a-script' },
  dependencies: { dep: 'file:./dep' },
});
const lockfile = JSON.stringify({
  name: 'top',
  version: '1.0.0',
  lockfileVersion: 3,
  packages: {
    '': {
      name: 'top',
      version: '1.0.0',
      dependencies: { dep: 'file:./dep' },
      hasInstallScript: true,
    },
    dep: { version: '2.0.0' },
    'node_modules/dep': { resolved: 'dep', link: true },
  },
});
const files = {
  'package.json': manifest,
  'package-lock.json': lockfile,
  'dep/package.json': JSON.stringify({ name: 'dep', version: '2.0.0' }),
};
process.env.npm_config_offline = 'true';

test('installs under the digest of the lockfile, once, and runs no script', async (t) => {
  const { folder } = makeRepository(t, files);
  const stateFolder = temporaryFolder(t);
  const prepared = preparedFolder(stateFolder, Buffer.from(lockfile));
  const options = { repo: folder, stateFolder };

  const dry = await deps({ ...options, dryRun: true });
  t.deepEqual(dry, [
    { lockfile: 'package-lock.json', folder: prepared, outcome: 'would be prepared' },
  ]);
  t.deepEqual(readdirSync(stateFolder), []);

  const first = await deps(options);
  t.is(first[0]?.outcome, 'prepared');
  t.is(readlinkSync(join(prepared, 'node_modules/dep')), '../dep');
  t.true(existsSync(join(prepared, 'node_modules/.cache')));
  t.false(existsSync(join(prepared, 'ran-a-script')));
  t.deepEqual(readdirSync(join(stateFolder, 'deps')), [prepared.split('/').at(-1)]);
  t.false(existsSync(join(folder, 'node_modules')));

  const again = await deps(options);
  t.is(again[0]?.outcome, 'was prepared already');
});

const mistakes = {
  'no lockfile': { files: { 'package.json': '{}' }, message: /no committed package-lock\.json/ },
  'no manifest': { files: { 'package-lock.json': '{}' }, message: /no package\.json beside it/ },
  'a lockfile out of step': {
    files: { ...files, 'package.json': JSON.stringify({ dependencies: { other: '1.0.0' } }) },
    message: /^package-lock\.json: npm ci failed: .*; make "npm ci" pass/s,
  },
};

for (const [title, row] of Object.entries(mistakes)) {
  test(`${title} is the user's mistake and leaves nothing behind`, async (t) => {
    const { folder } = makeRepository(t, row.files);
    const stateFolder = temporaryFolder(t);
    await t.throwsAsync(deps({ repo: folder, stateFolder }), {
      name: 'UserError',
      message: row.message,
    });
    t.deepEqual(
      existsSync(join(stateFolder, 'deps')) ? readdirSync(join(stateFolder, 'deps')) : [],
      [],
    );
  });
}
