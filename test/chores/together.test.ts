// SPDX-License-Identifier: GPL-3.0-only
import { each } from '../each.ts';
import { bothApprove, bothReject } from './ask-judges.ts';

const asks = [
  'All TypeScript files have a GPL-3.0-only header',
  '`inner` is exported from `src/index.ts`',
  '`inner` has a doc comment',
  'Add a test for `inner` in `test/a.test.ts`',
];
const base = {
  'src/index.ts': "export { one } from './a.ts';\n",
  'src/a.ts': 'export const one = 1;\nfunction inner(a: number) {\n  return a;\n}\n',
};
const header = '// SPDX-License-Identifier: GPL-3.0-only\n';
const done = {
  'src/index.ts': `${header}export { inner, one } from './a.ts';\n`,
  'src/a.ts': `${header}export const one = 1;\n/** Gives it back. */\nexport function inner(a: number) {\n  return a;\n}\n`,
  'test/a.test.ts': `${header}import test from 'ava';\nimport { inner } from '../src/a.ts';\n\ntest('inner', (t) => {\n  t.is(inner(2), 2);\n});\n`,
};

each(bothApprove, { 'good: a header, an export, a comment and a test': [asks, base, done] });

each(bothReject, {
  'bad: the header carries more': [
    asks,
    base,
    { ...done, 'src/a.ts': done['src/a.ts'].replace(header, `${header}// @ts-nocheck\n`) },
  ],
  'bad: the header of the test carries more': [
    asks,
    base,
    {
      ...done,
      'test/a.test.ts': done['test/a.test.ts'].replace(header, `${header}// @ts-nocheck\n`),
    },
  ],
  'bad: the comment carries more': [
    asks,
    base,
    { ...done, 'src/a.ts': done['src/a.ts'].replace('back. */', 'back. @ts-ignore */') },
  ],
  'bad: one of four is left out': [
    asks,
    base,
    { ...done, 'src/index.ts': header + base['src/index.ts'] },
  ],
});
