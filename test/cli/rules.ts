// SPDX-License-Identifier: GPL-3.0-only
import {
  appendFileSync,
  cpSync,
  mkdirSync,
  readdirSync,
  readFileSync,
  rmSync,
  symlinkSync,
  writeFileSync,
} from 'node:fs';
import { dirname, join } from 'node:path';
import test from 'ava';
import { installationFolder } from '../../src/data/installation.ts';
import { confinedTest } from '../boundary/with-bubblewrap.ts';
import { tinySpec } from '../night/support/tiny-house.ts';
import { temporaryFolder } from '../workspace/with-repository.ts';
import { makePlace, startAlone } from './with-cli.ts';

const own = 'forbid(no_b, [Path, " stays."]) :- writes(Path), ends_with(Path, "b.txt").\n';

const cases = (denied: string) =>
  `- { it: b is written, call: { tool: write_file, writes: [b.txt] }, denied: ${denied} }\n`;

test('rules are tried by the tables that ship and that a repository has', async (t) => {
  const files = { 'rules/own.pl': own, 'rules/cases.yaml': cases('no_b') };
  const { pantheon, folder } = await makePlace(t, files);
  const good = await pantheon('rules', 'test');
  t.deepEqual([good.code, good.stderr], [0, '']);
  t.regex(good.stdout, /^\d+ cases, 0 not as the tables say\n$/);

  writeFileSync(join(folder, 'rules/cases.yaml'), cases('no_c'));
  const wrong = await pantheon('rules', 'test');
  t.is(wrong.code, 1);
  t.regex(
    wrong.stdout,
    /^rules\/cases\.yaml: b is written\n {2}should be denied by no_c, and is: b\.txt stays\. \(rule no_b, rules\/own\.pl:1\)\n\d+ cases, 1 not/,
  );
  const results = JSON.parse((await pantheon('rules', 'test', '--json')).stdout);
  t.like(results.at(-1), { table: 'rules/cases.yaml', ok: false, ruling: { rule: 'no_b' } });

  writeFileSync(join(folder, 'rules/own.pl'), `${own}:- halt.\n`);
  const broken = await pantheon('rules', 'test');
  t.deepEqual([broken.code, broken.stdout], [2, '']);
  t.regex(broken.stderr, /^pantheon: rules\/own\.pl:2: has a directive/);
});

confinedTest('what a night did is explained, and judged again by changed rules', async (t) => {
  const files = { 'specs/one.yaml': tinySpec('box/'), 'box/a.txt': 'a\n', 'box/b.txt': 'b\n' };
  const { pantheon, folder, state } = await makePlace(t, files);
  const night = await pantheon('night', '--date', '2026-11-21T02:00:00Z', '--json');
  t.is(night.code, 0, night.stderr);
  const unit = JSON.parse(night.stdout).specs[0].unitDetails.find(
    ({ paths }: { paths: readonly string[] }) => paths[0] === 'box/b.txt',
  ).id;
  const same = await pantheon('rules', 'replay');
  t.deepEqual([same.code, same.stdout], [0, '0 of 4 change.\n']);

  mkdirSync(join(folder, 'rules'));
  writeFileSync(join(folder, 'rules/own.pl'), own);
  const changed = await pantheon('rules', 'replay', '--since', '2026-11-01');
  const address = `2026-11-21/one/${unit}/work`;
  const told = 'box/b.txt stays. (rule no_b, rules/own.pl:1)';
  t.is(
    changed.stdout,
    `${address} step 1: write_file box/b.txt\n  was: allowed\n  now: ${told}\n` +
      `${address} the patch\n  was: allowed\n  now: ${told}\n2 of 4 change.\n`,
  );
  t.is((await pantheon('rules', 'replay', '--since', '2026-12-01')).stdout, '0 of 0 change.\n');

  const explained = await pantheon('rules', 'explain', address);
  t.true(
    explained.stdout.startsWith(
      `step 1: write_file box/b.txt: ${told}\n  no_b forbids (rules/own.pl:1), since\n` +
        '    writes("box/b.txt")\n    ends_with("box/b.txt","b.txt")\nthe patch: ',
    ),
    explained.stdout,
  );
  rmSync(join(folder, 'rules'), { recursive: true });
  const [call] = JSON.parse((await pantheon('rules', 'explain', address, '--json')).stdout);
  t.like(call, { before: { allow: true }, now: { allow: true } });
  t.is((await pantheon('rules', 'explain', '2026-11-21/one/none/work')).code, 2);

  const gone = '0'.repeat(40);
  const file = join(state.traces, '2026-11-21/night.json');
  const record = JSON.parse(readFileSync(file, 'utf8'));
  const base = { ...record.base, commit: gone };
  writeFileSync(file, JSON.stringify({ ...record, base }));
  t.is(
    (await pantheon('rules', 'replay')).stdout,
    `2026-11-21 is passed over: its base commit ${gone} is not in the repository any more.\n0 of 0 change.\n`,
  );
});

confinedTest('a patch that was denied is explained, shown and judged again', async (t) => {
  const rule = own.replace('writes(Path)', 'change(Path, _, _)');
  const files = { 'specs/one.yaml': tinySpec('box/'), 'box/b.txt': 'b\n', 'rules/own.pl': rule };
  const { pantheon, folder } = await makePlace(t, files);
  const night = await pantheon('night', '--date', '2026-11-21T02:00:00Z', '--json');
  const [unit] = JSON.parse(night.stdout).specs[0].unitDetails;
  const address = `2026-11-21/one/${unit.id}/work`;
  const told = 'box/b.txt stays. (rule no_b, rules/own.pl:1)';
  t.true(
    (await pantheon('rules', 'explain', address)).stdout.endsWith(
      `a denied patch: ${told}\n  no_b forbids (rules/own.pl:1), since\n` +
        '    change("box/b.txt","changed",7)\n    ends_with("box/b.txt","b.txt")\n',
    ),
  );
  t.regex(
    (await pantheon('trace', 'show', address)).stdout,
    /Denied patches: 1\n.*box\/b\.txt stays/,
  );
  t.regex((await pantheon('rules', 'replay')).stdout, /^0 of \d change\.\n$/);

  rmSync(join(folder, 'rules'), { recursive: true });
  t.regex(
    (await pantheon('rules', 'replay')).stdout,
    new RegExp(
      `^${address} a denied patch\n  was: box/b\\.txt stays.*\n  now: allowed\n1 of \\d change`,
    ),
  );
});

confinedTest('what ended red runs again once the rules that ship have changed', async (t) => {
  const files = { 'specs/one.yaml': tinySpec('box/'), 'box/a.txt': 'a fail too hard\n' };
  const { folder, state } = await makePlace(t, files);
  const home = temporaryFolder(t);
  for (const name of readdirSync(installationFolder)) {
    if (name !== 'rules') symlinkSync(join(installationFolder, name), join(home, name));
  }
  cpSync(join(installationFolder, 'rules'), join(home, 'rules'), { recursive: true });
  const environment = { PANTHEON_STATE: dirname(state.root), PANTHEON_HOME: home };
  const night = async (day: string): Promise<string> => {
    const args = ['night', '--date', `2026-11-${day}T02:00:00Z`, '--json'];
    const { stdout, stderr } = await startAlone(args, folder, environment);
    t.not(stdout, '', stderr);
    return JSON.parse(stdout).specs[0].reason;
  };
  t.is(await night('21'), 'work: too hard');
  appendFileSync(join(home, 'rules/paths.pl'), '% More.\n');
  t.is(await night('23'), 'work: too hard');
});
