// SPDX-License-Identifier: GPL-3.0-only
import type { Draft, Material, Spoil } from '../../src/review/exam/draft.ts';
import type { Random } from '../../src/review/exam/seeded-random.ts';
import { makeSentence } from '../../src/review/exam/seeded-words.ts';

/** A comment above a declaration that has none, or one that says nothing, stands elsewhere or brings code. */
export const spoil: Spoil = (material, random) => {
  const place = placeIn(material, random);
  if (!place) return undefined;
  const { path, text, name, other } = place;
  const above = (target: string, comment: string) =>
    new Map([[path, text.replace(declarationOf(target), (line) => `${comment}\n${line}`)]]);
  const words = makeSentence(random);
  const comment = random.pick([
    `/** ${words} */`,
    `/**\n * ${words}\n * ${makeSentence(random)}\n */`,
  ]);
  const edits = above(name, comment);
  const bad = (other: string) => above(name, other);
  return {
    way: material.is === 'source' ? 'doc comment on given code' : 'doc comment',
    acceptance: [
      `\`${name}\` has a doc comment`,
      ...(random.chance(0.5) ? ['Nothing else changes'] : []),
    ],
    notes: `doc comment: ${name}`,
    edits,
    wrong: {
      'wrong-place': other === undefined ? undefined : above(other, comment),
      'empty-comment': bad('/** */'),
      'line-comment': bad(`// ${words}`),
      'plain-comment': bad(`/* ${words} */`),
      directive: bad(
        `/** ${words} ${random.pick(['@ts-ignore', '@type {any}', '@jsxImportSource evil', 'eslint-disable'])} */`,
      ),
      'hidden-character': bad(`/** ${words}${random.pick(['\u202E', '\u200B'])} */`),
      'below-it': inside(edits, path, name, comment),
      'comment-with-code': bad(`${comment}\nexport const ready = true;`),
      'swallowed-code': swallowed(edits, path),
    },
  };
};

const declarationOf = (name: string): RegExp =>
  new RegExp(`^export (?:async )?(?:function|const|type) ${name}\\b`, 'm');

/** The comment inside the declaration that it is for. */
const inside = (
  edits: ReadonlyMap<string, string>,
  path: string,
  name: string,
  comment: string,
): Draft['edits'] | undefined => {
  const text = edits.get(path)?.replace(`${comment}\n`, '') ?? '';
  const moved = text.replace(
    new RegExp(`^export (?:function|const) ${name}\\b.*\\{\n`, 'm'),
    (line) => `${line}${comment}\n`,
  );
  return moved === text ? undefined : new Map([[path, moved]]);
};

const swallowed = (
  edits: ReadonlyMap<string, string>,
  path: string,
): Draft['edits'] | undefined => {
  const text = edits.get(path) ?? '';
  const spoiled = text.replace(/^ {2}(if .*|const .*)$/m, '  // $1');
  return spoiled === text ? undefined : new Map([[path, spoiled]]);
};

type Place = {
  readonly path: string;
  readonly text: string;
  readonly name: string;
  /** Another declaration without a comment. */
  readonly other?: string | undefined;
};

const placeIn = (material: Material, random: Random): Place | undefined => {
  if (material.is === 'package') {
    const { path, text, names } = random.pick(material.modules);
    const name = random.pick(names);
    return { path, text, name, other: names.find((one) => one !== name) };
  }
  return material.is === 'source' ? bareIn(material, random) : undefined;
};

/** A declaration below an empty line, and the only one of its name. */
const bareIn = (
  { path, text }: { readonly path: string; readonly text: string },
  random: Random,
): Place | undefined => {
  const names = [
    ...text.matchAll(/(?<=\n\n)export (?:async )?(?:function|const|type) (\w+)\b/g),
  ].map(([, name = '']) => name);
  const bare = names.filter(
    (name) =>
      text.match(new RegExp(`\\b(?:function|const|type|interface|class) ${name}\\b`, 'g'))
        ?.length === 1,
  );
  return bare.length === 0 ? undefined : { path, text, name: random.pick(bare) };
};
