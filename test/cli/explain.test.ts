// SPDX-License-Identifier: GPL-3.0-only
import test from 'ava';
import { explain } from '../../src/cli/explain.ts';
import { GitFault } from '../../src/workspace/git.ts';

const system = (code: string, path?: string) =>
  Object.assign(new Error(code), { code, ...(path !== undefined && { path }) });

const rows: Readonly<Record<string, readonly [error: unknown, line: RegExp | undefined]>> = {
  'a full disk': [system('ENOSPC', '/state/x'), /^\/state\/x: the disk is full; make room/],
  'a read-only state folder, as a cause': [
    new Error('cannot write', { cause: system('EROFS') }),
    /read-only; name a folder/,
  ],
  'an incomplete clone': [
    new GitFault('git failed', { stderr: 'could not fetch x from promisor remote' }),
    /incomplete clone/,
  ],
  'a defect': [new TypeError('x is undefined'), undefined],
  'no error at all': ['x', undefined],
};

for (const [title, [error, line]] of Object.entries(rows)) {
  test(title, (t) => {
    const said = explain(error);
    if (line === undefined) t.is(said, undefined);
    else t.regex(said ?? '', line);
  });
}
