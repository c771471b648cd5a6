// SPDX-License-Identifier: GPL-3.0-only
import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import type { ExecutionContext } from 'ava';
import { confinedTest } from '../../boundary/with-bubblewrap.ts';
import { type Files, makeRepository } from '../../workspace/with-repository.ts';
import { houseIn, passExams } from '../support/with-night.ts';

/** The acceptance part of the pull request's text, or why there is none. */
const acceptanceOf = async (t: ExecutionContext, files: Files): Promise<string> => {
  const repository = makeRepository(t, files);
  const house = houseIn(t, repository);
  await passExams(repository.folder, house.state, ['spec2code', 'docops']);
  const { spec, folder } = await house.night({ example: false });
  const { outcome, reason } = spec('a');
  if (outcome !== 'pull-request') return reason;
  const text = readFileSync(join(folder, 'a', 'pull-request', 'pr.md'), 'utf8');
  return /## Acceptance\n\n([\s\S]*?)\n\n## /.exec(text)?.[1] ?? '';
};

const rename = {
  'src/a.js': 'export const one = 1;\n',
  'specs/a.yaml':
    'title: T\nscope: [src/, docs/]\nacceptance: ["Rename `one` to `two`", Every link resolves]\n',
};
const titles = {
  'specs/a.yaml':
    'title: T\nscope: docs/\nacceptance: [Every note has a title, Every link resolves]\n',
};

type Row = readonly [files: Files, expected: RegExp];

const rows: Readonly<Record<string, Row>> = {
  'links that a step has followed are ticked': [
    { ...rename, 'docs/a.md': '# A\n\n[a](../src/a.js)\n' },
    /^- \[x\] Rename .*\n- \[x\] Every link resolves$/,
  ],
  'links are not ticked where there are none': [
    rename,
    /^- \[x\] Rename .*\n- \[ \] Every link resolves\n\nNot ticked: no step followed a link\.$/,
  ],
  'a link that leads nowhere stops a patch of code': [
    { ...rename, 'docs/a.md': '# A\n\n[a](none.js)\n' },
    /^test: docs\/a\.md: the link to none\.js leads nowhere/,
  ],
  'links of changed notes are followed': [
    { ...titles, 'docs/a.md': '# A\n\n[b](b.md)\n', 'docs/b.md': '---\ntitle: B\n---\n# B\n' },
    /^- \[x\] Every note has a title\n- \[x\] Every link resolves$/,
  ],
  'a note that is as asked but for a link is left red': [
    {
      ...titles,
      'docs/a.md': '# A\n\n[b](b.md)\n',
      'docs/b.md': '---\ntitle: B\n---\n# B\n\n[c](c.md)\n',
    },
    /^- \[ \] Every note has a title\n- \[ \] Every link resolves\n\nNot ticked: 1 of 2 units were left red/,
  ],
};

for (const [title, [files, expected]] of Object.entries(rows)) {
  confinedTest(title, async (t) => {
    t.regex(await acceptanceOf(t, files), expected);
  });
}
