// SPDX-License-Identifier: GPL-3.0-only
import test from 'ava';
import { openChores } from '../../../src/chore/chores.ts';
import { readAsked } from '../../../src/chore/read-asked.ts';
import { each } from '../../each.ts';
import { codegen, objects, plan, type Row } from './objects.ts';

/* What a name of a file or a folder means, and what is said where it means nothing or too much. */

const readmes = { 'docs/README.md': '# D\n', 'src/README.md': '# S\n' };

const header = (place: string, scope: string[], files: Row['files'] = readmes): Row => ({
  worker: codegen,
  spec: { scope, acceptance: [`Add an MIT header to ${place}`] },
  files,
});

const passes = test.macro(async (t, row: Row, files: readonly string[]) => {
  const { failure } = await plan(t, row);
  t.is(failure, undefined);
  const spec = { title: 'T', rules: {}, scope: row.spec?.scope as string[] };
  const acceptance = [...(row.spec?.acceptance ?? [])];
  const { asked } = readAsked({ ...spec, acceptance }, openChores());
  t.deepEqual(asked[0]?.args.files, files);
});

const top = ['docs/**', 'src/**', 'README.md'];

each(passes, {
  'the one at the top': [
    header('README.md', top, { ...readmes, 'README.md': '# T\n' }),
    ['README.md'],
  ],
  'the only one of that name in the scope': [header('README.md', ['docs/**']), ['**/README.md']],
  'every one of that name': [header('every README.md', top), ['**/README.md']],
  'all files of that name': [header('README.md files', top), ['**/README.md']],
  'one in a folder': [header('README.md in src/', top), ['src/README.md']],
});

each(objects, {
  'a name of several': [
    header('README.md', ['docs/**', 'src/**']),
    /^"README\.md" may be any of 2 files in the scope: docs\/README\.md, src\/README\.md$/,
    /^write the path of one, or "every README\.md"$/,
  ],
  'a name that is not at the top': [
    header('README.md', top, { 'docs/README.md': '# D\n' }),
    /^there is no "README\.md" in the scope$/,
    /^did you mean "docs\/README\.md"\?$/,
  ],
  'a file that is not there': [
    header('docs/giude.md', top),
    /^there is no "docs\/giude\.md" in the scope$/,
    /^did you mean "docs\/guide\.md"\?$/,
  ],
  'a folder inside another': [
    header('all files in deep/', ['docs/**']),
    /^there is no "deep" in the scope$/,
    /^did you mean "docs\/deep"\?$/,
  ],
  'a folder that is not there': [
    { worker: codegen, spec: { scope: 'src/', acceptance: ['No trailing whitespace in posts'] } },
    /^there is no "posts" in the scope$/,
    /or none for all that it covers$/,
  ],
});
