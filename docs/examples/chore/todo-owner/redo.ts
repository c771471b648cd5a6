// SPDX-License-Identifier: GPL-3.0-only
import { coveredBy } from 'pantheon/chore';

/** Does the change again on the files as they were: the patch must come out. */
export const redo = ({ owner, files }, { paths }, texts) => {
  const done = new Map();
  for (const path of paths.filter(coveredBy(files))) {
    const parts = texts.get(path)?.split(/\bTODO:/);
    if (parts) done.set(path, parts.join(`TODO(${owner}):`));
  }
  return { texts: done, findings: [] };
};
