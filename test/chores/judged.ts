// SPDX-License-Identifier: GPL-3.0-only
import test from 'ava';
import type { SpecFile } from '../../src/spec/schema.ts';
import { caseOf, reviewers } from '../actions/review-peer/macros.ts';

type Asked = readonly string[] | Partial<SpecFile>;

const verdictsOn = async (asked: Asked, path: string, before: string, after: string) => {
  const spec = 'length' in asked ? { acceptance: [...(asked as readonly string[])] } : asked;
  const examCase = caseOf(
    spec as SpecFile,
    { [path]: before },
    before === after ? {} : { [path]: after },
  );
  return Promise.all(
    Object.entries(reviewers).map(async ([name, ask]) => ({ name, ...(await ask(examCase)) })),
  );
};

/** Each reviewer alone approves what was made of one file. */
export const approvedAs = test.macro(
  async (t, asked: Asked, path: string, before: string, after: string) => {
    for (const { name, verdict, findings } of await verdictsOn(asked, path, before, after))
      t.is(verdict, 'approve', `${name}: ${findings.join('; ')}`);
  },
);

/** Each reviewer alone rejects it. */
export const rejectedAs = test.macro(
  async (t, asked: Asked, path: string, before: string, after: string) => {
    for (const { name, verdict } of await verdictsOn(asked, path, before, after))
      t.is(verdict, 'reject', name);
  },
);
