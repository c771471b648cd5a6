// SPDX-License-Identifier: GPL-3.0-only
import test from 'ava';
import { run } from '../../../actions/plan-validate/agent.ts';
import { contextOf } from '../../../bench/docs/chore.ts';
import type { CodeResult } from '../../../src/agent/code-agent.ts';
import type { ModelManifest, Unit } from '../../../src/agent/schema.ts';
import { normaliseSpec, specFileSchema } from '../../../src/spec/schema.ts';
import { each } from '../../each.ts';
import { patchedOverlay } from '../../tool/patched-overlay.ts';
import { codegen, doc, objects, plan, type Row } from './objects.ts';

const unitsOf = ({ result }: CodeResult): readonly Unit[] =>
  (result as { readonly units: readonly Unit[] }).units;

each(objects, {
  'a sentence that no step of the night runs anything for': [
    {
      worker: codegen,
      spec: { scope: 'src/', acceptance: ['Rename `a` to `b`', 'Types check'] },
    },
    /^nothing here runs the type checker$/,
    /^name a command under checks: tsc/,
  ],
  'a scope that leads upwards': [
    { spec: { scope: ['docs/', '../other/**'] } },
    /"\.\.\/other\/\*\*" leads upwards/,
    /relative to the top of the repository/,
  ],
  'a scope that leads upwards on its way': [
    { spec: { scope: 'docs/../../x' } },
    /leads upwards/,
    /relative/,
  ],
  'an absolute scope': [{ spec: { scope: '/etc/*' } }, /"\/etc\/\*" is absolute/, /relative/],
  'a scope on another drive': [{ spec: { scope: 'C:\\x\\*' } }, /backslash|absolute/, /relative/],
  'a scope into git': [{ spec: { scope: '.git/**' } }, /git's own folder/, /relative/],
  'a scope into git by another name': [
    { spec: { scope: 'docs/.GIT/hooks/*' } },
    /git's own folder/,
    /relative/,
  ],
  'a context that leads upwards': [{ spec: { context: ['../*'] } }, /leads upwards/, /relative/],
  'a protected scope': [
    { spec: { scope: '.github/**' }, worker: codegen },
    /the scope covers the protected path \.github\//,
    /gate\.protected in pantheon\.yaml/,
  ],
  'a protected file that is not there yet': [
    { spec: { scope: '.github/new.yml' }, worker: codegen },
    /protected path \.github\/new\.yml/,
    /gate\.protected/,
  ],
  'one patch over everything': [
    { spec: { scope: '**' }, worker: codegen },
    /protected path \.github\/workflows\/ci\.yml/,
    /narrow the scope/,
  ],
  'a protected path of one’s own': [
    { gate: { protected: ['docs/**'] } },
    /protected path docs\//,
    /narrow/,
  ],
  'a folder with a letter wrong': [
    { spec: { scope: 'dosc/' } },
    /the scope "dosc\/\*\*" matches no file that the agent can work on/,
    /did you mean "docs\/"\?/,
  ],
  'a folder in the wrong case': [{ spec: { scope: 'Docs/' } }, /matches no file/, /"docs\/"/],
  'a folder far from any': [
    { spec: { scope: 'elsewhere/entirely/' } },
    /matches no file/,
    /check the spelling of the path, including upper and lower case/,
  ],
  'files of a kind the agent does not work on': [
    { spec: { scope: 'src/' } },
    /no file in the scope is of a kind that these chores are for: there is src\/a\.ts$/,
    /^name a folder with \*\*\/\*\.md, \*\*\/\*\.markdown$/,
  ],
  'a note that is not there, for an agent that makes none': [
    { spec: { scope: 'docs/giude.md' } },
    /"docs\/giude\.md" matches no file that the agent can work on/,
    /did you mean "docs\/guide\.md"\?/,
  ],
  'rules for an agent that takes none': [
    {
      spec: { rules: { mystery: 'title' } },
      worker: { ...codegen, input: undefined } as ModelManifest,
    },
    /codegen\.qwen8b takes no rules/,
    /remove "rules"/,
  ],
  'rules of another shape than the agent takes': [
    {
      spec: { rules: { required: 'title' } },
      worker: {
        ...doc,
        input: {
          properties: { rules: { type: 'object', properties: { required: { type: 'array' } } } },
        },
      },
    },
    /^rules\.required: must be a list$/,
    /agent\.yaml of doc\.frontmatter lists the rules/,
  ],
  'more files than one pull request holds': [
    { spec: { scope: '**/*.md' }, gate: { maxFiles: 2 } },
    /matches 3 files; the limit is 2/,
    /split the spec by folder, or set limits\.maxFiles to 3/,
  ],
  'more files than it allows itself': [
    { spec: { limits: { maxFiles: 1 } } },
    /matches 2 files; the limit is 1/,
    /limits\.maxFiles to 2/,
  ],
  'a limit over the ceiling': [
    { spec: { limits: { maxFiles: 11 } }, gate: { ceiling: { maxFiles: 10 } } },
    /limits\.maxFiles is 11; the ceiling is 10/,
    /split the spec, or raise gate\.ceiling/,
  ],
  'lines over the ceiling': [
    { spec: { limits: { maxLines: 600_000 } } },
    /limits\.maxLines is 600000; the ceiling is 500000/,
    /gate\.ceiling/,
  ],
  'a flow without a worker': [{ worker: null }, /no working agent/, /role "work"/],
});

const plans: Readonly<Record<string, readonly [Row, paths: readonly (readonly string[])[]]>> = {
  'a unit for each note': [{}, [['docs/deep/page.md'], ['docs/guide.md']]],
  'names with spaces and accents': [{ spec: { scope: 'notes/' } }, [['notes/Über uns.md']]],
  'a protected file that the spec leaves out': [
    { spec: { exclude: 'docs/guide.md' }, gate: { protected: ['**/guide.md'] } },
    [['docs/deep/page.md']],
  ],
  'a unit for the whole change to code': [
    { spec: { scope: 'src/' }, worker: codegen },
    [['src/**']],
  ],
  'a file to create': [
    { spec: { scope: ['src/a.ts', 'src/new.ts'] }, worker: codegen },
    [['src/a.ts', 'src/new.ts']],
  ],
  'limits raised to the ceiling': [
    { spec: { limits: { maxFiles: 10 } }, gate: { maxFiles: 1, ceiling: { maxFiles: 10 } } },
    [['docs/deep/page.md'], ['docs/guide.md']],
  ],
  'any sentence where models work and review': [
    { spec: { acceptance: ['It feels nicer'] }, engine: 'vllm' },
    [['docs/deep/page.md'], ['docs/guide.md']],
  ],
};

for (const [what, [row, paths]] of Object.entries(plans)) {
  test(`plans ${what}`, async (t) => {
    const planned = await plan(t, row);
    t.is(planned.failure, undefined, planned.failure?.message);
    t.deepEqual(
      unitsOf(planned).map((unit) => [...unit.paths]),
      paths.map((list) => [...list]),
    );
  });
}

test('a unit’s name is safe as a folder, its own, and always the same', async (t) => {
  const overlayFiles = [
    'A b.md',
    'a-b.md',
    'a_b.md',
    'ä-b.md',
    'ファイル.md',
    `${'x'.repeat(120)}.md`,
    '..md',
  ];
  const overlay = await patchedOverlay(
    t,
    Object.fromEntries(overlayFiles.map((name) => [`n/${name}`, 'x'])),
  );
  const input = {
    spec: normaliseSpec(
      specFileSchema.parse({
        title: 'T',
        scope: 'n/',
        acceptance: ['The frontmatter of every note is normalised'],
      }),
      'tidy',
    ),
    unit: { id: '_spec', kind: 'spec' as const, paths: [] },
    inputs: {},
  };
  const context = { ...contextOf(input, overlay), workers: [doc] };
  const ids = unitsOf(await run(context)).map(({ id }) => id);
  t.is(new Set(ids).size, overlayFiles.length);
  for (const id of ids) t.regex(id, /^[a-z0-9][a-z0-9-]{1,60}-[0-9a-f]{10}$/);
  t.deepEqual(
    unitsOf(await run(context)).map(({ id }) => id),
    ids,
  );
});
