// SPDX-License-Identifier: GPL-3.0-only
import { spawnSync } from 'node:child_process';
import { cpSync, mkdirSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import test, { type ExecutionContext } from 'ava';
import { temporaryFolder } from '../workspace/with-repository.ts';

const module = join(import.meta.dirname, '../../src/data/installation.ts');

/** Where an installation in `home/pantheon` looks for what ships, started in `home`. */
const found = (t: ExecutionContext, home: string, PANTHEON_HOME: string): unknown => {
  const data = join(home, 'pantheon/src/data');
  mkdirSync(data, { recursive: true });
  cpSync(module, join(data, 'installation.ts'));
  for (const folder of [home, join(home, 'pantheon')]) {
    writeFileSync(join(folder, 'package.json'), '{"type":"module","version":"1.0.0"}');
  }
  const script = `import { installationFolder } from '${data}/installation.ts'; console.log(JSON.stringify(installationFolder));`;
  const { stdout, stderr } = spawnSync(process.execPath, ['--input-type=module', '-e', script], {
    cwd: home,
    env: { PANTHEON_HOME },
    encoding: 'utf8',
  });
  t.is(stderr, '');
  return JSON.parse(stdout);
};

test('an empty PANTHEON_HOME is none, and never the folder where somebody works', (t) => {
  const home = temporaryFolder(t);
  t.is(found(t, home, ''), join(home, 'pantheon'));
});

test('a relative PANTHEON_HOME is one folder whatever is compared with it', (t) => {
  const home = temporaryFolder(t);
  t.is(found(t, home, 'pantheon/'), join(home, 'pantheon'));
});
