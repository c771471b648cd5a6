// SPDX-License-Identifier: GPL-3.0-only
import { join } from 'node:path';
import test, { type ExecutionContext } from 'ava';
import { findExecutor } from '../../../src/boundary/find-executor.ts';
import type { Engine } from '../../../src/engine/contract/engine.ts';
import { loadFlows } from '../../../src/flow/load-flow.ts';
import { examSession } from '../../../src/night/exam/exam-unit.ts';
import { examine } from '../../../src/night/exam/examine.ts';
import { reviewersOf } from '../../../src/night/exam/freeze-terms.ts';
import { openSetup } from '../../../src/night/open/open-setup.ts';
import { readCommit } from '../../../src/night/open/read-commit.ts';
import { type Bundle, formatAddress } from '../../../src/trace/bundle.ts';
import { openTraces } from '../../../src/trace/open-traces.ts';
import { openBaseTree } from '../../../src/workspace/base-tree.ts';
import { type Files, makeRepository, temporaryFolder } from '../../workspace/with-repository.ts';
import { tinyHouse, tinySpec } from '../support/tiny-house.ts';
import { houseIn, makeHouse, passExams, type Worked } from '../support/with-night.ts';

/*
 * A hidden patch beside the unit it goes along with: what a reviewer gets of the two must not tell
 * which is which.
 */

type Review = { readonly hidden: Bundle; readonly live: Bundle };

/** The reviews of hidden patches, each with that of its unit. */
const reviewsIn = ({ folder }: Worked): readonly Review[] => {
  const traces = openTraces(folder);
  return traces.specs().flatMap((spec) =>
    traces.list(spec).flatMap((address) => {
      const [, unit] = /^_exam-(.*)$/.exec(address.unit) ?? [];
      const [hidden, live] = [traces.read(address), unit && traces.read({ ...address, unit })];
      return hidden && live ? [{ hidden, live }] : [];
    }),
  );
};

/** Every key of a value, with the kind of what it has; of a list what its items have. */
const shapeOf = (value: unknown, at = ''): readonly string[] => {
  if (Array.isArray(value)) return value.flatMap((item) => shapeOf(item, `${at}[]`));
  if (typeof value !== 'object' || value === null) return [`${at}: ${typeof value}`];
  return Object.entries(value).flatMap(([key, item]) => shapeOf(item, `${at}.${key}`));
};

const inputOf = ({ files }: Bundle) => JSON.parse(files['input.json'] ?? '');

/** Values that a unit shares with all others of its spec, or of its flow. */
const sharedBy = ({ spec, unit, inputs, ...more }: ReturnType<typeof inputOf>) => ({
  ...{ flow: spec.flow, context: spec.context, priority: spec.priority, checks: spec.checks },
  ...{ limits: spec.limits, dependsOn: spec.dependsOn, rules: spec.rules, kind: unit.kind },
  ...{ nodes: Object.keys(inputs), test: inputs.test?.metrics, more: Object.keys(more) },
});

const systemOf = ({ files }: Bundle) => (files['prompt.txt'] ?? '').split('\n[user]\n')[0];

const notes = Object.fromEntries(
  Array.from({ length: 30 }, (_, at) => [
    `notes/${at % 3}/note ${at}.md`,
    `${at % 2 === 0 ? '' : '---\ndraft: true\n---\n\n'}# Note ${String.fromCharCode(65 + (at % 26))}\n\nText ${at}, and #tag${at}.\n`,
  ]),
);

const sources = Object.fromEntries(
  Array.from({ length: 12 }, (_, at) => [
    `src/part-${at}.ts`,
    `${Array.from({ length: 8 }, (_, n) => `const size${n} = ${n + at};\n`).join('')}export const all${at} = [size0, size1];\n`,
  ]),
);

/** Nights of the shipped flows: a spec of many notes, and many specs of a module. */
const nights = {
  docops: {
    ...notes,
    'specs/notes.yaml':
      'title: Normalise the notes\nflow: docops\nscope: notes/\npriority: 2\ncontext: [README.md]\nacceptance: [The frontmatter of every note is normalised]\n',
  },
  spec2code: {
    ...sources,
    'package.json': '{"name":"parts","type":"module"}\n',
    ...Object.fromEntries(
      Array.from({ length: 12 }, (_, at) => [
        `specs/part-${at}.yaml`,
        `title: Rename size4\nflow: spec2code\nscope: src/part-${at}.ts\nchecks: [grep -q all${at} src/part-${at}.ts]\nlimits: { maxLines: 50 }\nacceptance: ["\`size4\` is renamed to \`measure${at}\`"]\n`,
      ]),
    ),
  },
} as const;

for (const [flow, files] of Object.entries(nights)) {
  test(`in ${flow} a hidden patch has what a unit has, and no more`, async (t) => {
    const repository = makeRepository(t, { 'README.md': '# Whole\n', ...files });
    const house = houseIn(t, repository);
    await passExams(repository.folder, house.state, [flow]);
    const worked = await house.night();
    const reviews = reviewsIn(worked);
    t.true(reviews.length >= 2, `${reviews.length}`);
    const specs = new Set(worked.summary.specs.map(({ id }) => id));
    for (const { hidden, live } of reviews) {
      const about = formatAddress(hidden.address);
      const [input, other] = [inputOf(hidden), inputOf(live)];
      t.deepEqual([...new Set(shapeOf(input))].sort(), [...new Set(shapeOf(other))].sort(), about);
      t.deepEqual(sharedBy(input), sharedBy(other), about);
      t.is(systemOf(hidden), systemOf(live), about);
      t.notRegex(hidden.files['prompt.txt'] ?? '', /_exam|hidden|"truth"/);
      t.false(specs.has('_exam'));
      t.deepEqual(
        Object.keys(hidden.files)
          .filter((name) => name !== 'exam.json')
          .sort(),
        Object.keys(live.files).sort(),
        about,
      );
    }
  });
}

/** Says of whatever may tell one call from another. */
const nosy = (name: string): string => `
export const reviewer${name} = true;
export const answer = (messages) => {
  Error.stackTraceLimit = 100;
  const around = {
    count: messages.length,
    keys: messages.map((message) => Object.keys(message)),
    stack: new Error().stack,
    environment: JSON.stringify(process.env),
    folder: process.cwd(),
    arguments: process.argv,
    title: process.title,
    passed: ${name === 'A'} ? 1 : 2,
  };
  return JSON.stringify({ type: 'final', output: { status: 'ok', notes: JSON.stringify(around),
    metrics: {}, result: { verdict: 'approve', findings: [] } } });
};
`;

/** What a reviewer of a repository with these files is asked in an exam of code. */
const askedIn = async (t: ExecutionContext, files: Files): Promise<readonly string[]> => {
  const repository = makeRepository(t, {
    ...tinyHouse,
    ...files,
  });
  const base = await openBaseTree(repository.folder, 'HEAD');
  const commit = await readCommit(base);
  const flows = loadFlows(new Map([['tiny', await commit.flowSource('tiny')]]));
  const setup = await openSetup(commit, { flows, codeFolder: join(temporaryFolder(t), 'code') });
  t.teardown(async () => {
    await Promise.all([setup.close(), base.close()]);
  });
  const flow = setup.flows.get('tiny');
  const [reviewer] = flow ? reviewersOf(flow) : [];
  if (!flow || !reviewer) throw new Error('nobody reviews');
  const { executor } = await findExecutor({ allowUnconfined: true });
  const tasks: string[] = [];
  const [node, agent] = reviewer;
  const engine: Engine = {
    ...agent.runtime.engine,
    complete: (request) => {
      tasks.push(request.messages.find(({ role }) => role === 'user')?.content ?? '');
      return agent.runtime.engine.complete(request);
    },
  };
  const watched = [node, { ...agent, runtime: { ...agent.runtime, engine } }] as const;
  const paper = { kind: 'code', seed: 1, queue: [], patches: 40 } as const;
  const { signal } = new AbortController();
  await examine(watched, paper, { session: examSession({ base, setup, executor }), flow, signal });
  return tasks;
};

test.serial('an exam shows no file that holds a secret', async (t) => {
  const key = `AK${'IA'}QYLPMN5HHHFPZAM2`;
  const mayReadAll = (tasks: readonly string[]) =>
    tasks.filter((task) => /^context: .*"\*\*"/m.test(task)).length;
  const open = await askedIn(t, {});
  t.is(open.length, 80);
  t.true(mayReadAll(open) > 0);
  const guarded = await askedIn(t, {
    'deploy/settings.ts': `export const key = '${key}';\n`.repeat(9),
  });
  t.is(guarded.length, 80);
  t.is(mayReadAll(guarded), 0);
  t.false(guarded.some((task) => task.includes(key)));
});

test.serial('what stands around a call is the same for a hidden patch', async (t) => {
  const house = await makeHouse(t, {
    ...tinyHouse,
    'agents/reviewer/rules/a.js': nosy('A'),
    'agents/reviewer/rules/b.js': nosy('B'),
    'specs/box.yaml': tinySpec('box/'),
    ...Object.fromEntries(Array.from({ length: 20 }, (_, at) => [`box/${at}.txt`, `nosy-${at}\n`])),
  });
  const reviews = reviewsIn(await house.night());
  t.true(reviews.length >= 4 && reviews.length % 2 === 0, `${reviews.length}`);
  for (const { hidden, live } of reviews) {
    t.regex(aroundOf(hidden), /inside.main/);
    t.is(aroundOf(hidden), aroundOf(live), formatAddress(hidden.address));
    t.is(systemOf(hidden), systemOf(live));
  }
});

const aroundOf = ({ files }: Bundle): string => JSON.parse(files['output.json'] ?? '{}').notes;
