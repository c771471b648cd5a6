// SPDX-License-Identifier: GPL-3.0-only

import type { Script } from '../../src/chore/script.ts';
import type { WorkingTree } from '../../src/code/working-tree.ts';
import { namesLicence } from '../../src/spec/licence.ts';
import { readLicence } from '../../src/spec/licence-names.ts';
import { licencesIn } from '../../src/spec/licence-words.ts';

/** A remark where the repository says another licence than its headers are to say; it may be meant so. */
export function* repositoryLicence(tree: WorkingTree, licence: string): Script<string | undefined> {
  for (const path of yield* tree.files()) {
    if (!/^(?:package\.json|(?:LICEN[CS]E|COPYING)(?:\.(?:md|txt))?)$/u.test(path)) continue;
    const text = yield* tree.read(path);
    const said = path === 'package.json' ? licenceOf(text) : licencesIn(text.slice(0, maxTitle))[0];
    // The text of a GNU licence does not tell whether later versions may be chosen.
    const forms = path === 'package.json' ? [said] : [said, said?.replace(/-only$/u, '-or-later')];
    if (said === undefined || forms.some((one) => isNamed(one, licence))) continue;
    return `${path} says ${said}, the headers say ${licence}`;
  }
  return undefined;
}

/** A licence says its name within so many characters. */
const maxTitle = 1000;

const isNamed = (said: string | undefined, licence: string): boolean =>
  namesLicence(`SPDX-License-Identifier: ${said}`, licence);

const licenceOf = (manifest: string): string | undefined => {
  const [, said] = /"license"\s*:\s*"([^"]+)"/u.exec(manifest) ?? [];
  return said && (readLicence(said) ?? said);
};
