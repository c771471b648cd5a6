// SPDX-License-Identifier: GPL-3.0-only
import { execFileSync } from 'node:child_process';
import { mkdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import test from 'ava';
import { machineRemedy } from '../../src/cli/machine-remedy.ts';
import { GitFault } from '../../src/workspace/git.ts';
import { planted } from '../secrets/planted.ts';
import { temporaryFolder } from '../workspace/with-repository.ts';
import { start, startAlone } from './with-cli.ts';

const mistakes: Readonly<Record<string, readonly [args: readonly string[], line: RegExp]>> = {
  'an unknown option': [['night', '--fast'], /^pantheon: unknown option '--fast'$/m],
  'an unknown command': [['nigt'], /^pantheon: unknown command 'nigt'$/m],
  'an argument that is missing': [['accept'], /^pantheon: missing required argument/m],
  'a reason that is missing': [['reject', 'x'], /^pantheon: required option '--why <text>'/m],
};

for (const [title, [args, line]] of Object.entries(mistakes)) {
  test(`${title} is told as every mistake is`, async (t) => {
    const { code, stderr } = await startAlone(args, '/', {});
    t.is(code, 2);
    t.regex(stderr, line);
    t.notRegex(stderr, /^error:/m);
  });
}

test('--version is the package’s', async (t) => {
  const manifest = readFileSync(new URL('../../package.json', import.meta.url), 'utf8');
  const { code, stdout } = await start(['--version'], '/', {});
  t.is(code, 0);
  t.is(stdout, `${JSON.parse(manifest).version}\n`);
});

test('the help of reject says what must be given', async (t) => {
  const { stdout } = await start(['reject', '--help'], '/', {});
  t.regex(stdout, /--why <text> .*\(required\)/);
});

test('trace show without an address lists the nights', async (t) => {
  const traces = temporaryFolder(t);
  const show = async () => (await start(['trace', 'show', '--traces', traces], '/', {})).stdout;
  t.is(await show(), 'No night has left a trace here.\n');
  for (const night of ['2026-11-22', '2026-11-21']) mkdirSync(join(traces, night));
  t.is(await show(), '2026-11-21\n2026-11-22\n');
});

/* A process of `pantheon node` starts for each node and shard; docs/performance.md says what it costs. */
const packagesOf = (...files: readonly string[]): string => {
  const imports = files.map((file) => {
    const { href } = new URL(`../../src/${file}`, import.meta.url);
    return `await import(${JSON.stringify(href)});`;
  });
  const script = `
    import { registerHooks } from 'node:module';
    const packages = new Set();
    registerHooks({
      load: (url, context, next) => {
        const name = /node_modules\\/((?:@[^/]+\\/)?[^/]+)\\//.exec(url)?.[1];
        if (name !== undefined) packages.add(name);
        return next(url, context);
      },
    });
    ${imports.join('\n')}
    console.log([...packages].sort().join(' '));`;
  const args = ['--no-warnings', '--input-type=module', '--eval', script];
  return execFileSync(process.execPath, args, { encoding: 'utf8' }).trim();
};

test('one node of a night starts with few packages', (t) => {
  t.is(packagesOf('cli/commands.ts', 'night/jobs/run-node-job.ts'), 'zod');
  t.is(
    packagesOf('night/child/work-here.ts', 'night/child/node-here.ts'),
    'eventemitter3 p-queue p-timeout zod',
  );
});

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
    const said = machineRemedy(error);
    if (line === undefined) t.is(said, undefined);
    else t.regex(said ?? '', line);
  });
}

test('nothing that is printed holds a secret', async (t) => {
  const [token = ''] = planted['GitHub token'] ?? [];
  const given = ['spec', 'check', `${token}-opensesame-17.yaml`];
  const { code, stderr } = await startAlone(given, '/', { DEPLOY_TOKEN: 'opensesame-17' });
  t.is(code, 2);
  t.regex(stderr, /^pantheon: \[removed: GitHub token\]-\[removed: DEPLOY_TOKEN\]\.yaml: /);
});
