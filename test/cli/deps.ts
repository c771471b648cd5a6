// SPDX-License-Identifier: GPL-3.0-only
import { execFileSync } from 'node:child_process';
import {
  existsSync,
  readdirSync,
  readFileSync,
  readlinkSync,
  symlinkSync,
  writeFileSync,
} from 'node:fs';
import { join } from 'node:path';
import test, { type ExecutionContext } from 'ava';
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

const gitPath = execFileSync('sh', ['-c', 'command -v git'], { encoding: 'utf8' }).trim();

const withPath = async (path: string, use: () => Promise<void>): Promise<void> => {
  const before = process.env.PATH;
  process.env.PATH = path;
  try {
    await use();
  } finally {
    process.env.PATH = before;
  }
};

test.serial('installs under the digest of the lockfile, once, and runs no script', async (t) => {
  const { folder } = makeRepository(t, files);
  const stateFolder = temporaryFolder(t);
  const prepared = preparedFolder(stateFolder, Buffer.from(lockfile));
  const options = { repo: folder, stateFolder };

  const dry = await deps({ ...options, dryRun: true });
  t.deepEqual(dry, [
    {
      lockfile: 'package-lock.json',
      folder: prepared,
      by: 'npm',
      outcome: 'would be prepared',
    },
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

/** A stand-in that writes down how it was called and installs an empty package. */
const standIn = (t: ExecutionContext, name: string, version: string): string => {
  const folder = temporaryFolder(t);
  const script = `#!/bin/sh\nif [ "$1" = --version ]; then echo ${version}; exit; fi\nmkdir -p node_modules packages/a/node_modules\necho "$YARN_NODE_LINKER $@" > node_modules/called\nls >> node_modules/called\n`;
  writeFileSync(join(folder, name), script, { mode: 0o755 });
  return folder;
};

const workspace = {
  'package.json': '{"workspaces":["packages/*"]}',
  'packages/a/package.json': '{}',
  'pnpm-workspace.yaml': 'packages: [packages/*]\n',
  '.npmrc': 'registry=http://127.0.0.1/\n',
  '.yarnrc.yml': 'yarnPath: ./evil.cjs\n',
  '.pnpmfile.cjs': '',
};

const managers = {
  pnpm: {
    lock: { 'pnpm-lock.yaml': "lockfileVersion: '9.0'\n" },
    version: '10.1.0',
    called:
      / install --frozen-lockfile --ignore-scripts --ignore-pnpmfile --prod=false\nnode_modules\npackage\.json\npackages\npnpm-lock\.yaml\npnpm-workspace\.yaml\n$/,
  },
  'yarn 1': {
    lock: { 'yarn.lock': '# yarn lockfile v1\n' },
    version: '1.22.22',
    called:
      / install --frozen-lockfile --ignore-scripts --production=false --non-interactive\nnode_modules\npackage\.json\npackages\nyarn\.lock\n$/,
  },
  'yarn 4': {
    lock: { 'yarn.lock': '__metadata:\n  version: 8\n' },
    version: '4.9.1',
    called:
      /^node-modules install --immutable --mode=skip-build\nnode_modules\npackage\.json\npackages\nyarn\.lock\n$/,
  },
};

for (const [title, { lock, version, called }] of Object.entries(managers)) {
  const [name = ''] = title.split(' ');
  test.serial(
    `${title} installs its lockfile, and reads nothing that names a server or code`,
    async (t) => {
      const { folder } = makeRepository(t, { ...workspace, ...lock });
      const options = { repo: folder, stateFolder: temporaryFolder(t) };
      await withPath(`${standIn(t, name, version)}:/usr/bin:/bin`, async () => {
        const [done] = await deps(options);
        t.like(done, { by: name as 'pnpm' | 'yarn', outcome: 'prepared' });
        const prepared = done?.folder ?? '';
        t.regex(readFileSync(join(prepared, 'node_modules/called'), 'utf8'), called);
        for (const place of ['node_modules/.vite-temp', 'packages/a/node_modules/.cache'])
          t.true(existsSync(join(prepared, place)), place);
      });
    },
  );

  test.serial(
    `${title} that is not there, or of another version, is told with its fix`,
    async (t) => {
      const { folder } = makeRepository(t, { ...workspace, ...lock });
      const options = { repo: folder, stateFolder: temporaryFolder(t) };
      const other = title === 'yarn 1' ? '4.9.1' : '1.22.22';
      const path = name === 'yarn' ? standIn(t, name, other) : temporaryFolder(t);
      // git is needed all the same, corepack must not be found.
      symlinkSync(gitPath, join(path, 'git'));
      await withPath(path, async () => {
        const [dry] = await deps({ ...options, dryRun: true });
        t.is(dry?.outcome, 'cannot be prepared');
        t.regex(dry?.advice ?? '', /^install (?:pnpm|yarn .*), or corepack/);
        await t.throwsAsync(deps(options), { message: /could not be started; install/ });
      });
    },
  );
}

test.serial('of several lockfiles in one folder the first counts', async (t) => {
  const { folder } = makeRepository(t, { ...files, 'yarn.lock': '', 'sub/yarn.lock': '' });
  const found = await deps({ repo: folder, stateFolder: temporaryFolder(t), dryRun: true });
  t.deepEqual(
    found.map(({ lockfile }) => lockfile),
    ['package-lock.json', 'sub/yarn.lock'],
  );
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
  test.serial(`${title} is the user's mistake and leaves nothing behind`, async (t) => {
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
