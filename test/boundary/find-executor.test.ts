// SPDX-License-Identifier: GPL-3.0-only
import { writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import test from 'ava';
import { findExecutor } from '../../src/boundary/find-executor.ts';
import { confinedTest, runIn, temporaryFolder } from './with-bubblewrap.ts';

const bwrap = '/nonexistent/bwrap';

confinedTest('bubblewrap that works is taken without a word', async (t) => {
  const { executor, notice } = await findExecutor({ allowUnconfined: false });
  t.is(executor.confinement, 'bubblewrap');
  t.is(notice, undefined);
});

test('without bubblewrap a night stops with the fix', async (t) => {
  await t.throwsAsync(findExecutor({ allowUnconfined: false, bwrap }), {
    name: 'UserError',
    message: /sudo apt-get install bubblewrap$/,
  });
});

test('without bubblewrap the example night runs and says in one line that nothing confined it', async (t) => {
  const { executor, notice } = await findExecutor({ allowUnconfined: true, bwrap });
  t.is(executor.confinement, 'nothing');
  t.regex(
    notice ?? '',
    /^The tests and checks of this night ran unconfined: .* sudo apt-get install bubblewrap$/,
  );
  t.is((await runIn(t, executor, ['echo', 'hi'])).stdout, 'hi\n');
});

confinedTest('an older bubblewrap, which cannot forbid nesting, is taken', async (t) => {
  const older = join(await temporaryFolder(t), 'bwrap');
  const script = `#!/bin/sh
for fd in 3; do options=$(tr '\\0' '\\n' <&3); done
case "$options" in *--disable-userns*) echo "bwrap: Unknown option --disable-userns" >&2; exit 1;; esac
echo '{ "exit-code": 0 }' >&4
`;
  await writeFile(older, script, { mode: 0o755 });
  const { executor } = await findExecutor({ allowUnconfined: false, bwrap: older });
  t.is(executor.confinement, 'bubblewrap');
});
