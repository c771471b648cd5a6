// SPDX-License-Identifier: GPL-3.0-only

import type { Script } from '../../src/chore/script.ts';
import type { SearchLine, WorkingTree } from '../../src/code/working-tree.ts';
import { namesLicence } from '../../src/spec/licence.ts';
import { readLicence } from '../../src/spec/licence-names.ts';
import { licencesIn } from '../../src/spec/licence-words.ts';

/** Whether a line is a code file's own notice: on top, and a comment. */
export const isCodeNotice = ({ path, line, text }: SearchLine): boolean =>
  line <= 2 && /^\s*(?:\/\/|#|\/\*)/u.test(text) && !/\.(?:md|markdown)$/iu.test(path);

/** The licence that a file at the top of the repository says, by SPDX id or in words. */
export function* licenceOfRepository(tree: WorkingTree, name: RegExp): Script<string | undefined> {
  const path = (yield* tree.files()).find((one) => name.test(one));
  const text = path === undefined ? '' : yield* tree.read(path);
  return path === 'package.json' ? licenceOf(text) : licencesIn(text.slice(0, maxTitle))[0];
}

/** A remark where the repository says another licence than its headers are to say; it may be meant so. */
export function* repositoryLicence(tree: WorkingTree, licence: string): Script<string | undefined> {
  for (const path of yield* tree.files()) {
    if (!/^(?:package\.json|(?:LICEN[CS]E|COPYING)(?:\.(?:md|txt))?)$/u.test(path)) continue;
    const said = yield* licenceOfRepository(tree, new RegExp(`^${path.replace('.', '\\.')}$`, 'u'));
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
