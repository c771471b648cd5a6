// SPDX-License-Identifier: GPL-3.0-only
import { existsSync, mkdirSync, utimesSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import test from 'ava';
import { uncommitted } from '../../../src/night/open/base-files.ts';
import { makeRepository, temporaryFolder } from '../../workspace/with-repository.ts';

for (const [driver, command] of [
  ['x', 'clean'],
  ['x.y=z', 'clean'],
  ['x', 'process'],
] as const) {
  test(`a filter of the repository does not run: ${driver}, ${command}`, async (t) => {
    const { folder, run } = makeRepository(t, {
      'specs/a.yaml': 'title: A\n',
      'specs/b.yaml': 'title: B\n',
    });
    const ran = join(temporaryFolder(t), 'ran');
    run(['config', `filter.${driver}.${command}`, `sh -c 'touch "${ran}"; cat'`]);
    run(['config', `filter.${driver}.required`, 'true']);
    const lines = `* filter=${driver}\n`;
    mkdirSync(join(folder, '.git/info'), { recursive: true });
    writeFileSync(join(folder, '.git/info/attributes'), lines);
    writeFileSync(join(folder, '.gitattributes'), lines);
    writeFileSync(join(folder, 'specs/b.yaml'), 'title: C\n');
    utimesSync(join(folder, 'specs/a.yaml'), 1, 1);
    t.deepEqual(await uncommitted(folder, ['specs']), ['specs/b.yaml']);
    t.false(existsSync(ran));
  });
}
