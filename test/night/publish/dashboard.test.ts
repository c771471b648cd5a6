// SPDX-License-Identifier: GPL-3.0-only
import test from 'ava';
import { boardIn } from '../../forge/dashboard/board-in.ts';
import { makeGithub } from '../../forge/github/with-github.ts';
import { tinyConfig, tinyHouse, tinySpec } from '../support/tiny-house.ts';
import { houseIn, passExams } from '../support/with-night.ts';

const ada = { login: 'ada', type: 'User' } as const;
const mallory = { login: 'mallory', type: 'User' } as const;

test.serial(
  'what waits is on one issue, and who may write has it tried again or given up',
  async (t) => {
    const made = await makeGithub(t);
    const { state } = made.github;
    const { issue, issues, tick, ticked } = boardIn(state);
    Object.assign(process.env, made.environment);
    Object.assign(state.roles, { ada: 'write', mallory: 'read' });
    const house = houseIn(t, { folder: made.repository, run: made.run, head: made.head });
    house.commit({
      ...tinyHouse,
      'pantheon.yaml': tinyConfig('forge: github\ngithub: { dashboard: true }\n'),
      'specs/cup.yaml': tinySpec('cup/'),
      'specs/box.yaml': tinySpec('box/'),
      'specs/bag.yaml': tinySpec('bag/', 'dependsOn: [cup]\n'),
      'cup/a.txt': 'a\n',
      'box/a.txt': 'box fail no idea\n',
      'bag/a.txt': 'a\n',
    });
    house.run(['push', '-q', made.remote, 'main']);
    await passExams(made.repository, house.state, ['tiny']);

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
