// SPDX-License-Identifier: GPL-3.0-only
import { existsSync, readdirSync } from 'node:fs';
import { join } from 'node:path';
import test from 'ava';
import { decisionSchema } from '../../src/review/gate/gate-agent.ts';
import { reviewSchema } from '../../src/review/schema.ts';
import { openTraces } from '../../src/trace/open-traces.ts';
import { changesOf } from '../../src/workspace/commit.ts';
import { patchDigest } from '../../src/workspace/patch-digest.ts';
import { wholeFile } from '../night/support/whole-file.ts';
import {
  type SimulatedGithub,
  startSimulatedGithub,
  testToken,
} from '../simulated-github/server.ts';
import { plainGit } from '../workspace/with-repository.ts';
import { layVault, runAct, type Vault } from './run-act.ts';

/*
 * Compiled nights run by act on this host: real jobs, real artifacts, a bare repository as the
 * remote, and a GitHub that checks every request against GitHub's own description.
 */

const {
  PANTHEON_ACT: act = '',
  PANTHEON_SKIP_ACT: why,
  PANTHEON_ARTIFACT: artifact = '',
} = process.env;
const lasting = wholeFile();
const night = why === undefined ? test : test.skip;
const because = why === undefined ? '' : ` (${why})`;

const where = { act, artifact, token: testToken };

type Setting = { readonly vault: Vault; readonly github: SimulatedGithub };
const prepared: { setting?: Setting } = {};
const setting = (): Setting => prepared.setting as Setting;

test.before(async () => {
  if (why !== undefined) return;
  const vault = layVault(lasting);
  const github = await startSimulatedGithub({ repository: 'octo/vault', remote: vault.remote });
  lasting.teardown(() => github.close());
  prepared.setting = { vault, github };
});

const work = (flow: string, more: Partial<Parameters<typeof runAct>[1]> = {}) => {
  const { vault, github } = setting();
  runs += 1;
  return runAct(vault, { ...where, apiUrl: github.url, flow, run: runs, ...more });
};
let runs = 0;

const pulls = () => setting().github.state.issues.filter(({ pull }) => pull !== undefined);

const tipOf = (repository: string, branch: string): string =>
  plainGit(repository)(['rev-parse', `refs/heads/${branch}`]).trim();

/** What both reviewers approved of a branch's commit, computed again from what was pushed. */
const recomputed = async (branch: string): Promise<readonly string[]> => {
  const { vault } = setting();
  const git = plainGit(vault.remote);
  const commit = tipOf(vault.remote, branch);
  const base = git(['rev-parse', `${commit}^`]).trim();
  const byPath = new Map(
    (await changesOf(vault.remote, base, commit)).map((change) => [change.path, change]),
  );
  const message = git(['log', '-1', '--format=%B', commit]);
  const [, spec = ''] = /^Pantheon-Spec: (.+)$/m.exec(message) ?? [];
  const [, id = ''] = /^Pantheon-Night: (.+)$/m.exec(message) ?? [];
  const [state = ''] = readdirSync(vault.state);
  const traces = openTraces(join(vault.state, state, 'traces', id));
  const gate = traces.read({ spec, unit: '_spec', node: 'merge' });
  const decision = decisionSchema.parse(JSON.parse(gate?.files['output.json'] ?? '{}').result);
  const units = decision.units.filter((unit) => unit.state === 'approved');
  for (const unit of units) {
    const changes = (unit.changes ?? []).flatMap(({ path }) => byPath.get(path) ?? []);
    for (const { path } of changes) byPath.delete(path);
    const digest = patchDigest(changes);
    for (const node of ['reviewA', 'reviewB']) {
      const bundle = traces.read({ spec, unit: unit.id, node });
      const review = reviewSchema.parse(JSON.parse(bundle?.files['review.json'] ?? '{}'));
      if (review.verdict !== 'approve' || review.patchDigest !== digest) {
        throw new Error(`${node} did not approve what was pushed of ${unit.id}`);
      }
    }
  }
  if (byPath.size > 0) throw new Error(`nobody approved ${[...byPath.keys()].join(', ')}`);
  return units.map(({ id: unit }) => unit);
};

night(
  `a scheduled night over two shards ends in a branch and a pull request${because}`,
  async (t) => {
    const { code, log } = await work('docops');
    t.is(code, 0, log.slice(-4000));
    const { github, vault } = setting();
    t.deepEqual(github.state.violations, []);
    const [pull, ...more] = pulls();
    t.deepEqual(more, []);
    t.is(pull?.title, 'Normalise the frontmatter of the notes');
    const branch = pull?.pull?.head ?? '';
    t.is(tipOf(vault.remote, branch), pull?.pull?.headSha ?? '');
    t.true((await recomputed(branch)).length >= 12);
    const artifacts = readdirSync(join(vault.scratch, 'artifacts/1/1'));
    // One of a kind for the night and the morning, and one per node and shard: there is one spec.
    t.true(artifacts.includes('night.attempt-1') && artifacts.includes('morning.attempt-1'));
    t.true(artifacts.includes('node.merge.shard-0.attempt-1'));
    t.regex(log, /1 pull request, 0 red bins/);
  },
);

night(`a night of code runs its tests and opens what passed${because}`, async (t) => {
  const { code, log } = await work('spec2code');
  t.is(code, 0, log.slice(-4000));
  const branches = pulls().map(({ pull }) => pull?.head.replace(/-[0-9a-f]{8}$/, ''));
  t.deepEqual(branches.sort(), [
    'pantheon/add-header',
    'pantheon/export-handover',
    'pantheon/normalise-notes',
  ]);
  for (const { pull } of pulls()) t.true((await recomputed(pull?.head ?? '')).length > 0);
  t.deepEqual(setting().github.state.violations, []);
  t.regex(log, /faster-rota/);
});

night(`the next night opens nothing twice, and a dry run nothing at all${because}`, async (t) => {
  const { vault, github } = setting();
  const before = plainGit(vault.remote)(['for-each-ref']);
  const count = github.state.issues.length;
  const again = await work('docops');
  t.is(again.code, 0, again.log.slice(-4000));
  t.regex(again.log, /its pull request pantheon\/normalise-notes-[0-9a-f]{8} is open/);
  const dry = await work('hasty', { event: 'workflow_dispatch', inputs: { 'dry-run': 'true' } });
  t.is(dry.code, 0, dry.log.slice(-4000));
  t.is(plainGit(vault.remote)(['for-each-ref']), before);
  t.is(github.state.issues.length, count);
});

night(
  `no step but those of collect and publish saw a token, and no branch was made here${because}`,
  (t) => {
    const { vault } = setting();
    t.is(plainGit(vault.folder)(['for-each-ref', 'refs/heads/pantheon']), '');
    const [state = ''] = readdirSync(vault.state);
    t.false(existsSync(join(vault.state, state, 'pull-requests')));
  },
);

night(`one job for each shard works the whole flow${because}`, async (t) => {
  const vault = layVault(t, 'flow');
  const github = await startSimulatedGithub({ repository: 'octo/vault', remote: vault.remote });
  t.teardown(() => github.close());
  const { code, log } = await runAct(vault, {
    ...{ ...where, apiUrl: github.url },
    ...{ flow: 'spec2code', run: 1 },
  });
  t.is(code, 0, log.slice(-4000));
  const titles = github.state.issues.flatMap(({ pull, title }) => (pull ? [title] : []));
  t.deepEqual(titles.length, 2, titles.join(', '));
  t.deepEqual(github.state.violations, []);
  const artifacts = readdirSync(join(vault.scratch, 'artifacts/1/1'));
  t.true(artifacts.includes('flow.shard-0.attempt-1'), artifacts.join(', '));
  t.true(artifacts.includes('flow.shard-1.attempt-1'));
  t.false(artifacts.some((name) => name.startsWith('node.')));
});
