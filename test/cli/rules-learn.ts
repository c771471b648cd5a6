// SPDX-License-Identifier: GPL-3.0-only
import { mkdirSync, readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import test, { type ExecutionContext } from 'ava';
import { appendDecision } from '../../src/forge/decisions.ts';
import { pullRequestFolder, recordedPullRequest } from '../../src/forge/local-forge.ts';
import { tinySpec } from '../night/support/tiny-house.ts';
import { wholeFile } from '../night/support/whole-file.ts';
import { houseIn } from '../night/support/with-night.ts';
import { copyPlace, makePlace, type Place } from './with-cli.ts';

const folders = ['db/a', 'db/b', 'db/c', 'box/a', 'box/b', 'box/c', 'cup/db'];
const shared = wholeFile();

/** A night with a pull request for each folder: people rejected those in `db/`, and accepted those in `box/`. */
const decided = (async (): Promise<Place> => {
  const specs = folders.flatMap((folder) => [
    [`specs/${folder.replace('/', '-')}.yaml`, tinySpec(`${folder}/`)],
    [`${folder}/1.txt`, `${folder}\n`],
  ]);
  const place = await makePlace(shared, Object.fromEntries(specs));
  const night = await houseIn(shared, { ...place, head: '' }).night({ state: place.state });
  for (const folder of folders) {
    const branch = night.spec(folder.replace('/', '-')).branch ?? '';
    const pull = await recordedPullRequest(pullRequestFolder(place.state.pullRequests, branch));
    if (!pull || folder.startsWith('cup')) continue;
    const rejected = folder.startsWith('db');
    await appendDecision(place.state.decisions, pull, {
      decision: rejected ? 'reject' : 'accept',
      ...(rejected && { why: 'No <b>more</b> of these\n```\n:- halt.' }),
    });
  }
  return place;
})();

const decidedPlace = async (t: ExecutionContext): Promise<Place> => copyPlace(t, await decided);

const learnt = `% Rejected: pantheon/db-a-X, pantheon/db-b-X, pantheon/db-c-X.
forbid(rejected_db, [Path, " (in db/): people rejected 3 pull requests with such a change and accepted none of 3. Leave it alone."]) :-
    change(Path, _, _), starts_with(Path, "db/").
`;

const withoutDigests = (text: string): string => text.replace(/-[0-9a-f]{8}\b/g, '-X');

test('rules are learnt from what people rejected, tried, and opened for a person to merge', async (t) => {
  const { pantheon, run, folder, state } = await decidedPlace(t);
  // One that was stopped before anything was decided.
  mkdirSync(join(state.traces, '2026-10-31'));
  const tried = await pantheon('rules', 'learn', '--dry-run', '--json');
  t.is(tried.stderr, '');
  const said = JSON.parse(tried.stdout);
  t.like(said, {
    counts: { rejected: 3, accepted: 3, forbiddenToday: 0, unknown: 0 },
    rules: [{ id: 'rejected_db', accepted: 3 }],
    judged: 14,
    file: 'rules/learned.pl',
  });
  t.true(withoutDigests(said.text).endsWith(`\n\n${learnt}`));
  t.deepEqual(
    said.changed.map(({ what }: { readonly what: string }) => what),
    ['the patch', 'the patch', 'the patch'],
  );
  t.is(run(['for-each-ref', '--format=%(refname)', 'refs/heads/pantheon/_*']), '');

  const before = run(['rev-parse', 'HEAD']) + run(['status', '--porcelain']);
  const opened = await pantheon('rules', 'learn');
  t.is(opened.code, 0, opened.stderr);
  t.regex(
    opened.stdout,
    /^People rejected 3 pull requests and accepted 3\.\n\nrejected_db: 3 rejected, 0 of 3 accepted\n/,
  );
  t.regex(opened.stdout, /\nIn rules\/learned\.pl: 3 of 14 recorded calls and patches change\.\n/);
  const [, branch = ''] =
    /^(pantheon\/_rules-[0-9a-f]{8}): .*No rule holds before it is merged\.$/m.exec(
      opened.stdout,
    ) ?? [];
  t.is(run(['diff', '--name-status', 'main', branch]), 'A\trules/learned.pl\n');
  t.is(run(['rev-parse', 'HEAD']) + run(['status', '--porcelain']), before);
  t.is((await pantheon('rules', 'replay')).stdout, '0 of 14 change.\n');

  const [, place = ''] =
    (await pantheon('prs')).stdout
      .split('\n')
      .find((line) => line.includes('__rules'))
      ?.split(/^ +/) ?? [];
  const body = readFileSync(place, 'utf8');
  t.true(withoutDigests(body).includes(`\`\`\`prolog\n${learnt}\`\`\`\n`));
  t.true(body.includes(': No \\<b\\>more\\</b\\>'));
  t.false(/^:- halt/m.test(body));

  t.regex(
    (await pantheon('rules', 'learn')).stdout,
    new RegExp(`\n${branch} proposes this; it is open\\.\n$`),
  );
  t.is((await pantheon('accept', branch, '--merge')).code, 0);
  t.regex(
    (await pantheon('rules', 'replay')).stdout,
    /rule rejected_db, rules\/learned\.pl:5\)\n3 of 14 change\.\n$/,
  );
  const again = await pantheon('rules', 'learn');
  t.regex(
    again.stdout,
    /^People rejected 3 .*\n3 of the rejected are forbidden already\.\nNo rule forbids 3 or more/,
  );

  writeFileSync(
    join(folder, 'pantheon.yaml'),
    `${readFileSync(join(folder, 'pantheon.yaml'), 'utf8')}rules: false\n`,
  );
  run(['commit', '-qam', 'No rules']);
  const nowhere = await pantheon('rules', 'learn');
  t.deepEqual([nowhere.code, nowhere.stdout], [2, '']);
  t.regex(nowhere.stderr, /pantheon\.yaml: rules: is false, so there is no place for a rule/);
});

test('what is not rejected often enough is no rule', async (t) => {
  const { pantheon } = await decidedPlace(t);
  t.is(
    (await pantheon('rules', 'learn', '--least', '4')).stdout,
    'People rejected 3 pull requests and accepted 3.\nNo rule forbids 4 or more of the rejected and none of at least 4 accepted.\n',
  );
  t.is((await pantheon('rules', 'learn', '--least', '0')).code, 2);
});
