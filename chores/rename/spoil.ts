// SPDX-License-Identifier: GPL-3.0-only
import type { InventedPackage } from '../../src/review/exam/code/invented-package.ts';
import type { Draft, Spoil } from '../../src/review/exam/draft.ts';
import type { Random } from '../../src/review/exam/seeded-random.ts';
import { functionName } from '../../src/review/exam/seeded-words.ts';

/** A rename done everywhere, or by half, by another name, or beyond what it means. */
export const spoil: Spoil = (material, random) => {
  if (material.is === 'package') return renameExport(material, random);
  if (material.is === 'source') return renameLocal(material, random);
  return undefined;
};

const identifier = (name: string): RegExp => new RegExp(`(?<![\\w$])${name}(?![\\w$])`, 'g');

/** Renames everywhere but between quotes; template text counts as code. */
const renameIn = (text: string, from: string, to: string): string =>
  text.replace(/'[^'\n]*'|"[^"\n]*"|[^'"]+/g, (part) =>
    /^['"]/.test(part)
      ? part
      : part
          .replace(shorthand(from), (_, before, after) => `${before}${from}: ${to}${after}`)
          .replace(used(from), to),
  );

/** In the invented objects: `{ name, limit }` is a use, `{ name: 0 }` a property of that name. */
const shorthand = (name: string): RegExp => new RegExp(`(\\{ )${name}(, limit \\})`, 'g');
const used = (name: string): RegExp => new RegExp(`(?<![\\w$])${name}(?![\\w$]|: )`, 'g');

const renameExport = ({ modules, files }: InventedPackage, random: Random): Draft => {
  const module = random.pick(modules);
  const from = random.pick(module.names);
  const taken = modules.flatMap(({ names }) => names);
  let to = functionName(random);
  while (taken.includes(to)) to = `${to}Again`;
  const done = (name: string) =>
    new Map(
      [...files]
        .map(([path, text]) => [path, renameIn(text, from, name)] as const)
        .filter(([path, text]) => text !== files.get(path)),
    );
  const edits = done(to);
  const text = edits.get(module.path) ?? '';
  const last = text.lastIndexOf(to);
  const testText = edits.get(module.test) ?? '';
  const other = module.names.find((name) => name !== from) ?? from;
  return {
    way: 'rename',
    acceptance: [
      random.pick([`\`${from}\` is renamed to \`${to}\``, `Rename \`${from}\` to \`${to}\``]),
      random.pick(['All its uses are renamed', 'All tests pass', 'Nothing else changes']),
    ],
    notes: notesOf(from, to, edits),
    edits,
    wrong: {
      'missed-use': new Map([
        ...edits,
        text.indexOf(to) === last
          ? [module.test, testText.replace(new RegExp(`(?<=[( ])${to}(?=\\()`), from)]
          : [module.path, text.slice(0, last) + from + text.slice(last + to.length)],
      ]),
      'wrong-name': done(`${to}s`),
      'half-renamed': new Map([[module.path, text]]),
      'only-the-uses': new Map([...edits].filter(([path]) => path !== module.path)),
      'in-text-too': spread(files, edits, (part) => part.replaceAll(from, to)),
      'property-too': spread(files, edits, (part) =>
        part.replace(`{ ${from}: 0 }`, `{ ${to}: 0 }`),
      ),
      'shorthand-lost': spread(files, edits, (part) =>
        part.replace(`${from}: ${to}, limit`, `${to}, limit`),
      ),
      'another-too': spread(files, edits, (part) =>
        part.replace(identifier(other), `${other}Also`),
      ),
      captured:
        from === module.names[0]
          ? {
              acceptance: [`\`${from}\` is renamed to \`value\``, 'All its uses are renamed'],
              edits: done('value'),
            }
          : undefined,
      'old-name-beside': new Map([
        ...edits,
        [module.path, `${text}export { ${to} as ${from} }${module.end}\n`],
      ]),
    },
  };
};

/** The good patch with one thing more in each file that has it. */
const spread = (
  files: ReadonlyMap<string, string>,
  edits: ReadonlyMap<string, string>,
  change: (text: string) => string,
): ReadonlyMap<string, string> =>
  new Map(
    [...files]
      .map(([path, text]) => [path, change(edits.get(path) ?? text)] as const)
      .filter(([path, text]) => text !== files.get(path)),
  );

/** Only a name whose lines have no quotes, comments, members or short-hand to be wrong about. */
const renameLocal = (
  { path, text }: { readonly path: string; readonly text: string },
  random: Random,
): Draft | undefined => {
  const to = functionName(random);
  if (text.includes(to)) return undefined;
  const names = [...text.matchAll(/^(?:const|function) (\w{4,})\b/gm)].flatMap(
    ([, name = '']) => name,
  );
  const clear = names.filter((name) =>
    text.split('\n').every((line) => {
      const uses = [...line.matchAll(new RegExp(`\\b${name}\\b`, 'g'))];
      return uses.every(
        ({ index }) =>
          !/['"`]|\/\/|\/\*|^\s*\*/.test(line) &&
          !/[.$]\s*$/.test(line.slice(0, index)) &&
          /^(?:\(|\)| =|;|\.)/.test(line.slice(index + name.length)),
      );
    }),
  );
  if (clear.length === 0) return undefined;
  const from = random.pick(clear);
  const put = (name: string) =>
    new Map([[path, text.replace(new RegExp(`\\b${from}\\b`, 'g'), name)]]);
  const edits = put(to);
  const first = text.replace(new RegExp(`\\b${from}\\b`), to);
  return {
    way: 'rename in given code',
    acceptance: [`\`${from}\` is renamed to \`${to}\``],
    notes: notesOf(from, to, edits),
    edits,
    wrong: {
      'wrong-name': put(`${to}s`),
      'missed-use': first === edits.get(path) ? undefined : new Map([[path, first]]),
    },
  };
};

const notesOf = (from: string, to: string, edits: ReadonlyMap<string, string>): string => {
  const places = [...edits.values()].flatMap((text) => text.match(identifier(to)) ?? []).length;
  return `rename: ${from} to ${to}, ${places} places in ${edits.size} files`;
};
