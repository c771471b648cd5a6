// SPDX-License-Identifier: GPL-3.0-only
import { coveredBy } from 'pantheon/chore';

/** Takes the change back out of the patched texts: what is left must be the files as they were. */
export const judge = ({ owner, files }, { paths }, texts) => {
  const left = new Map();
  for (const path of paths.filter(coveredBy(files))) {
    const text = texts.get(path);
    if (text !== undefined) left.set(path, text.replaceAll(`TODO(${owner}):`, 'TODO:'));
  }
  const bare = [...left].filter(([path]) => /\bTODO:/.test(texts.get(path)));
  return { texts: left, findings: bare.map(([path]) => `${path}: a TODO has no owner`) };
};
