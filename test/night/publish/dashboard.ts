// SPDX-License-Identifier: GPL-3.0-only
import { join } from 'node:path';
import test, { type ExecutionContext } from 'ava';
import { formatArtifact } from '../../../src/flow/compile/names.ts';
import { workHere } from '../../../src/night/child/work-here.ts';
import { runCollectJob } from '../../../src/night/jobs/collect-job.ts';
import { runPublishJob } from '../../../src/night/jobs/publish-job.ts';
import { resolveRepository } from '../../../src/workspace/repository.ts';
import { boardIn } from '../../forge/dashboard/board-in.ts';
import { makeGithub } from '../../forge/github/with-github.ts';
import { type Files, temporaryFolder } from '../../workspace/with-repository.ts';
import { tinyConfig, tinyHouse, tinySpec } from '../support/tiny-house.ts';
import { houseIn, passExams } from '../support/with-night.ts';

const running = {
  watch: { node: () => {}, spec: () => {} },
  say: () => {},
  signal: new AbortController().signal,
};

const ada = { login: 'ada', type: 'User' } as const;
const mallory = { login: 'mallory', type: 'User' } as const;

/** A house on a simulated GitHub that keeps a dashboard issue: ada may write, mallory reads. */
const makeBoard = async (t: ExecutionContext, files: Files) => {
  const made = await makeGithub(t);
  const { state } = made.github;
  Object.assign(process.env, made.environment);
  Object.assign(state.roles, { ada: 'write', mallory: 'read' });
  const house = houseIn(t, { folder: made.repository, run: made.run, head: made.head });
  const config = tinyConfig('forge: github\ngithub: { dashboard: true }\n');
  house.commit({ ...tinyHouse, 'pantheon.yaml': config, ...files });
  house.run(['push', '-q', made.remote, 'main']);
  await passExams(made.repository, house.state, ['tiny']);
  return { made, house, ...boardIn(state) };
};

test.serial(
  'what waits is on one issue, and who may write has it tried again or given up',
  async (t) => {
    const { made, house, issue, issues, tick, ticked } = await makeBoard(t, {
      'specs/cup.yaml': tinySpec('cup/'),
      'specs/box.yaml': tinySpec('box/'),
      'specs/bag.yaml': tinySpec('bag/', 'dependsOn: [cup]\n'),
      'cup/a.txt': 'a\n',
      'box/a.txt': 'box fail no idea\n',
      'bag/a.txt': 'a\n',
    });
    await house.night();
    t.regex(
      issue().body,
      /### Red \(1\)\n\n- \*\*Say done in box\/\*\* `box`: .*no idea.* \(`agent\.declined`\)/,
    );
    t.regex(
      issue().body,
      /### Pending \(2\)\n\n[\s\S]*`bag`: waits for "cup", whose pull request is not merged/,
    );
    t.regex(
      issue().body,
      /`cup` https:\/\/github\.test\/octo\/vault\/pull\/1: its pull request waits for a person/,
    );

    tick(mallory, 'Try again in the next night: `box`');
    const second = await house.night();
    t.is(second.spec('box').code, 'queue.red-before');
    t.regex(issue().body, /retry box: ticked without effect, for mallory, who has no write access/);
    t.false(ticked());

    tick(ada, 'Try again in the next night: `box`');
    const third = await house.night();
    t.is(third.spec('box').code, 'agent.declined', 'it was worked');
    t.is((await house.night()).spec('box').code, 'queue.red-before', 'once');
    t.is((await house.night({ only: ['bag'] })).summary.specs.length, 1);
    t.regex(
      issue().body,
      /### Red \(1\)\n[\s\S]*### Pending \(2\)\n/,
      'also of who was not asked for',
    );

    tick(ada, 'Give up: `box`');
    tick(ada, 'Give up: `bag`');
    const fifth = await house.night();
    t.is(fifth.spec('box').code, 'queue.given-up');
    t.is(fifth.spec('bag').code, 'queue.given-up');
    t.regex(
      issue().body,
      /`box`: ada gave it up[^\n]*\n {2}- Given up by `ada`\n {2}- \[ \] Try again/,
    );

    tick(ada, 'Try again in the next night: `box`');
    t.is((await house.night()).spec('box').code, 'agent.declined');
    t.is(issues().length, 1);
    made.clean();
  },
);

test.serial(
  'in jobs collect reads what was ticked, and publish answers also where nothing is worked',
  async (t) => {
    const { made, house, issue, tick, ticked } = await makeBoard(t, {
      'specs/box.yaml': tinySpec('box/'),
      'box/a.txt': 'box fail no idea\n',
    });
    await house.night();
    tick(mallory, 'Give up: `box`');
    const artifacts = temporaryFolder(t);
    const place = {
      ...({ ...running, attempt: 1, otherwise: 'github', state: house.state } as const),
      repository: await resolveRepository(made.repository),
    };
    made.github.takeCalls();
    const { shards, waiting, digest } = await runCollectJob({
      ...{ ...place, shards: 1, startedAt: '2026-11-20T02:00:00Z', example: true, readOnly: true },
      ...{ work: workHere, folder: join(artifacts, formatArtifact({ kind: 'night', attempt: 1 })) },
    });
    t.deepEqual(shards, []);
    t.true(waiting > 0, 'publish is to run');
    t.deepEqual(
      made.github.takeCalls().filter((call) => !/^GET |graphql$/.test(call)),
      [],
      'its token only reads',
    );
    t.true(ticked());
    const { summary } = await runPublishJob({ ...place, artifacts, digest, dryRun: false });
    t.is(summary.specs[0]?.code, 'queue.red-before');
    t.false(ticked());
    t.regex(issue().body, /give-up box: ticked without effect, for mallory/);
    made.clean();
  },
);
