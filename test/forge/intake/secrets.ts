// SPDX-License-Identifier: GPL-3.0-only
import test from 'ava';
import { readIssue } from '../../../src/forge/intake/read-issue.ts';
import { planted } from '../../secrets/planted.ts';
import { formBody } from './form-body.ts';

const good = { scope: 'docs/', acceptance: 'All *.md have GPL header' };

const [token = ''] = planted['GitHub token'] ?? [];

const secrets: Readonly<Record<string, readonly [body: string, place: RegExp, title?: string]>> = {
  'its title': [formBody(good), /^the title contains what looks like a GitHub token/, token],
  'a field': [formBody({ ...good, acceptance: `Use ${token}` }), /^line \d+ contains/],
  'text that is not of the form': [`x\n${token}`, /^line 2 contains what looks like a GitHub/],
  'a value with escapes': [
    formBody({ ...good, rules: `key: "\\x67${token.slice(1)}"` }),
    /^the issue contains what looks like a GitHub token/,
  ],
};

for (const [title, [body, place, issueTitle]] of Object.entries(secrets)) {
  test(`an issue is not a spec with a secret in ${title}`, (t) => {
    const issue = readIssue(
      { number: 12, title: issueTitle ?? 'Add header', body },
      { protected: [] },
    );
    const mistakes = 'mistakes' in issue ? issue.mistakes : [];
    t.is(mistakes.length, 1);
    t.regex(mistakes[0] ?? '', place);
    t.false(JSON.stringify(issue).includes(token));
  });
}
