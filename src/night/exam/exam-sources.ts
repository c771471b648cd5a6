// SPDX-License-Identifier: GPL-3.0-only
import { decodeUtf8 } from '../../data/decode-utf8.ts';
import { memoiseByObject } from '../../data/memoise.ts';
import type { ExamSource } from '../../review/exam/materials.ts';
import { secretInText } from '../../secrets/find-secrets.ts';
import type { BaseTree } from '../../workspace/base-tree.ts';
import { judgePath } from '../../workspace/path.ts';
import { isRegular } from '../../workspace/tree-index.ts';
import { refuseSecrets, SecretInFile } from '../run/secret-in-unit.ts';

const most = 200;
const largest = 64 * 1024;

const readSources = async (base: BaseTree): Promise<readonly ExamSource[]> => {
  const candidates = [...base.entries].filter(
    ([path, { mode, size }]) =>
      /\.(?:md|markdown|ts)$/i.test(path) &&
      isRegular(mode) &&
      size <= largest &&
      judgePath(path) === undefined,
  );
  const step = Math.max(1, Math.ceil(candidates.length / most));
  const chosen = candidates.filter((_, index) => index % step === 0);
  const sources = await Promise.all(
    chosen.map(async ([path, { oid }]) => ({ path, text: decodeUtf8(await base.read(oid)) })),
  );
  // Reviewers are shown them, as they are shown units.
  return sources.flatMap(({ path, text }) =>
    text === undefined || secretInText(text) ? [] : [{ path, text }],
  );
};

/** Some of the repository's own notes and code for its reviewers' exams, spread over the tree; read once. */
export const examSources = memoiseByObject(readSources);

/** Whether reviewers may be shown any file of the tree: none of them holds a secret. */
export const maySeeAll = memoiseByObject(async (base: BaseTree): Promise<boolean> => {
  try {
    await refuseSecrets(base, { context: ['**'] }, { kind: 'spec', paths: [] });
    return true;
  } catch (error) {
    if (error instanceof SecretInFile) return false;
    throw error;
  }
});
