// SPDX-License-Identifier: GPL-3.0-only
import { openChores } from '../../src/chore/chores.ts';
import { readers } from '../../src/chore/read/readers.ts';
import { isWork } from '../../src/chore/read-asked.ts';
import type { Chore } from '../../src/chore/read-chore.ts';
import { markdownTable } from './table.ts';

/** What docs/chores.md and docs/specs.md show of the chores that ship, by the name of the part. */
export const choreTables = (): Readonly<Record<string, () => string>> => {
  const chores = [...openChores().all.values()].sort(
    (a, b) => a.manifest.stage - b.manifest.stage || (a.manifest.name < b.manifest.name ? -1 : 1),
  );
  const described = (wanted: (chore: Chore) => boolean) =>
    markdownTable([
      ['chore', 'what it does'],
      ...chores
        .filter(wanted)
        .map(({ manifest }) => [`\`${manifest.name}\``, manifest.description]),
    ]);
  return {
    chores: () => described(isWork),
    conditions: () => described((chore) => !isWork(chore)),
    sentences: () =>
      markdownTable([
        ['chore', 'for example'],
        ...[...chores.filter(isWork), ...chores.filter((chore) => !isWork(chore))].flatMap(
          ({ manifest }) =>
            manifest.examples.map((example, index) => [
              index === 0 ? `\`${manifest.name}\`` : '',
              asCode(example),
            ]),
        ),
      ]),
    readers: () =>
      markdownTable([
        ['reader', 'reads'],
        ...Object.entries(readers).map(([name, { reads }]) => [`\`${name}\``, reads]),
      ]),
  };
};

const asCode = (text: string): string => {
  if (!text.includes('`')) return `\`${text}\``;
  const gap = /^`|`$/.test(text) ? ' ' : '';
  return `\`\`${gap}${text}${gap}\`\``;
};
