// SPDX-License-Identifier: GPL-3.0-only
import test from 'ava';
import { withAuthor } from '../../src/config/author.ts';
import { configSchema } from '../../src/config/schema.ts';

const authorOf = (commit: object, environment: NodeJS.ProcessEnv): string | undefined =>
  withAuthor(configSchema.parse({ commit }), environment).commit.author;

const ada = { GIT_AUTHOR_NAME: 'Ada', GIT_AUTHOR_EMAIL: 'ada@example.org' };

test("git's variables name the author where the settings name none", (t) => {
  t.is(authorOf({}, ada), 'Ada <ada@example.org>');
  t.is(authorOf({ author: 'Bob <b@example.org>' }, ada), 'Bob <b@example.org>');
  t.is(authorOf({}, {}), undefined);
  t.is(authorOf({}, { GIT_AUTHOR_NAME: 'A\nB', GIT_AUTHOR_EMAIL: 'x' }), undefined);
});
