// SPDX-License-Identifier: GPL-3.0-only

import { execFileSync } from 'node:child_process';
import {
  linkSync,
  mkdirSync,
  readFileSync,
  symlinkSync,
  truncateSync,
  writeFileSync,
} from 'node:fs';
import { join } from 'node:path';
import test from 'ava';
import { parseManifest } from '../../../src/agent/parse-manifest.ts';
import { configSchema } from '../../../src/config/schema.ts';
import { checkRunner } from '../../../src/night/child/node-here.ts';
import {
  contentsName,
  readContents,
  sealFolder,
} from '../../../src/night/jobs/artifact-contents.ts';
import { planShardJob } from '../../../src/night/jobs/shard-job.ts';
import type { Setup } from '../../../src/night/open/open-setup.ts';
import { writeNight } from '../../../src/night/record/night-folder.ts';
import type { Night } from '../../../src/night/record/night-schemas.ts';
import { parseShard } from '../../../src/night/record/shard.ts';
import { temporaryFolder, writeFiles } from '../../workspace/with-repository.ts';

const worker = parseManifest({
  name: 'agent.yaml',
  text: 'name: worker\nversion: 1.0.0\ndescription: Works.\nkind: code\nrole: work\ntimeout: 90s\nout: {}\n',
});

const night: Night = {
  version: 1,
  id: '2026-11-21',
  startedAt: '2026-11-21T02:00:00Z',
  example: false,
  base: { commit: 'b'.repeat(40) },
  profile: 'p',
  config: configSchema.parse({}),
  flows: {},
  specs: [],
  shards: 2,
  agents: { worker: { digest: 'agent', manifest: worker, manifestDigest: 'manifest' } },
  runtimes: { 'tiny/work': 'weights' },
  notices: [],
  mistakes: [],
};

type Opened = {
  readonly agent?: string;
  readonly runtime?: { readonly digest: string; readonly fault?: string };
};

/** A machine that opened the flow `tiny` with one node. */
const setup = ({ agent = 'agent', runtime = { digest: 'weights' } }: Opened) => {
  const bound = { agent: { manifest: { name: 'worker' }, digest: agent }, runtime };
  const flows = new Map([['tiny', { agents: new Map([['work', bound]]) }]]);
  return { flows } as unknown as Pick<Setup, 'flows'>;
};

const check = (opened: Opened, agent?: string) => () =>
  checkRunner(night, setup(opened), { node: 'work', agent });

test('a runner must answer with what the night was decided with', (t) => {
  t.notThrows(check({}));
  t.notThrows(check({}, 'worker'));
  t.throws(check({ runtime: { digest: 'other' } }), {
    message: /worker would answer here with other weights, rules or settings than night 2026-11-21/,
  });
  // What cannot be opened here fails by itself, spec by spec.
  t.notThrows(check({ runtime: { digest: 'other', fault: 'no such file' } }));
  t.throws(check({ agent: 'other' }), { message: /the agent "worker" has changed/ });
  t.throws(check({}, 'other'), { message: /work is played by worker, and this action runs other/ });
});

test('a job is one of as many as the night has shards', async (t) => {
  const folder = temporaryFolder(t);
  await writeNight(folder, night);
  const plan = (shard: string, node = 'work') =>
    planShardJob({ node, folder, shard: parseShard(shard), attempt: 1 });
  t.deepEqual((await plan('1/2')).night, night);
  await t.throwsAsync(plan('0/3'), { message: /is spread over 2, not over 3/ });
  t.throws(() => plan('2/2'), { message: /is not a shard of a night/ });
  await t.throwsAsync(plan('0/2', '../x'), { message: /is not the id of a node/ });
});

test('a job leaves its files in a folder of its own', async (t) => {
  const folder = temporaryFolder(t);
  await writeNight(folder, night);
  const out = join(temporaryFolder(t), 'out');
  mkdirSync(out);
  writeFiles(out, { 'other.zip': 'x' });
  const shard = { index: 0, of: 2 };
  const job = await planShardJob({ node: 'work', folder, shard, attempt: 1, out });
  await t.throwsAsync(job.leave(true), { message: /is not empty/ });
});

/* A job's folder may be altered on its way, by whoever stores artifacts or by who can leave one. */

const name = 'node.work.shard-0.attempt-1';

const editContents = (
  folder: string,
  edit: (contents: { files: Record<string, unknown>[] }) => unknown,
): void => {
  const file = join(folder, contentsName);
  const contents = JSON.parse(readFileSync(file, 'utf8'));
  writeFileSync(file, JSON.stringify(edit(contents) ?? contents));
};

const put = (folder: string, path: string): void => writeFiles(folder, { [path]: 'x' });

const rows: Readonly<Record<string, readonly [harm: (folder: string) => unknown, why: RegExp]>> = {
  'a file listed twice': [
    (folder) => editContents(folder, ({ files }) => void files.push({ ...files[0] })),
    /lists a file twice/,
  ],
  'a name with a line end': [(folder) => put(folder, 'one/a\nb.zip'), /which is not a name/],
  'a hidden name': [(folder) => put(folder, 'one/.zip'), /which is not a name/],
  'a name that ends in a dot': [(folder) => put(folder, 'one/a.'), /which is not a name/],
  'a folder too deep': [(folder) => put(folder, 'a/b/c/d'), /a\/b\/c is not a plain file/],
  'a folder in the place of a file': [
    (folder) => mkdirSync(join(folder, 'two/b/c'), { recursive: true }),
    /two\/b\/c is not a plain file/,
  ],
  'a link to a folder': [
    (folder) => symlinkSync('/etc', join(folder, 'two')),
    /two is not a plain file/,
  ],
  'a pipe': [
    (folder) => execFileSync('mkfifo', [join(folder, 'one/pipe')]),
    /one\/pipe is not a plain file/,
  ],
  'a second name of a file': [
    (folder) => linkSync(join(folder, 'one/a.zip'), join(folder, 'one/b.zip')),
    /holds one\/b\.zip, which its job did not leave/,
  ],
  'a name in other letters': [
    (folder) => put(folder, 'One/a.zip'),
    /holds One\/a\.zip, which its job did not leave/,
  ],
  'a list too large': [
    (folder) => truncateSync(join(folder, contentsName), 65 * 1024 ** 2),
    /contents\.json is too large/,
  ],
  'a file too large': [
    (folder) => truncateSync(join(folder, 'one/a.zip'), 9 * 1024 ** 3),
    /is too large/,
  ],
  'a list of another form': [
    (folder) => editContents(folder, (contents) => ({ ...contents, more: 1 })),
    /is not what a job writes/,
  ],
  'a list with a prototype': [
    (folder) =>
      writeFileSync(
        join(folder, contentsName),
        '{"__proto__": {"version": 1, "artifact": "x", "complete": true, "files": []}}',
      ),
    /is not what a job writes/,
  ],
  'a list that is none': [
    (folder) => writeFileSync(join(folder, contentsName), '{'),
    /is not what a job writes/,
  ],
};

for (const [what, [harm, why]] of Object.entries(rows)) {
  test(`${what} is refused`, async (t) => {
    const folder = temporaryFolder(t);
    writeFiles(folder, { 'one/a.zip': 'text' });
    await sealFolder(folder, { artifact: name, complete: true });
    t.like((await readContents(folder, name)).contents, { artifact: name });
    await harm(folder);
    await t.throwsAsync(readContents(folder, name), { name: 'ArtifactFault', message: why });
  });
}
