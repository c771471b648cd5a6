// SPDX-License-Identifier: GPL-3.0-only
import { posix } from 'node:path';
import type { Random } from '../seeded-random.ts';
import { functionName, makeSentence } from '../seeded-words.ts';
import type { CodeChore } from './code-chores.ts';

const maxLength = 30_000;

/** Whether chores can be done on a source file of the repository by plain text: TypeScript, not large, LF. */
export const isUsableCode = (path: string, text: string): boolean =>
  /(?<!\.d)\.[cm]?ts$/.test(path) &&
  text.length < maxLength &&
  !/[\0\r\uFEFF]|^#!/.test(text) &&
  text.endsWith('\n') &&
  text.split('\n').length > 5;

/** A chore on a file of the repository, put under `src/`; `undefined` where none can be done without doubt. */
export const doChoreOnFile = (
  path: string,
  text: string,
  random: Random,
): CodeChore | undefined => {
  const place = `src/${posix.basename(path)}`;
  for (const chore of random.shuffle([putHeader, putComment, renameLocal])) {
    const done = chore(place, text, random);
    if (done) {
      const base = new Map([
        [place, text],
        ['package.json', '{\n  "name": "exam",\n  "scripts": { "test": "ava" }\n}\n'],
      ]);
      return { ...done, base };
    }
  }
  return undefined;
};

type Made = Omit<CodeChore, 'base'> | undefined;

const putHeader = (place: string, text: string): Made => {
  if (/SPDX|licen[cs]e|copyright/i.test(text)) return undefined;
  const put = (licence: string) =>
    new Map([[place, `// SPDX-License-Identifier: ${licence}\n${text}`]]);
  return {
    way: 'header on given code',
    acceptance: ['All *.ts files have a GPL header'],
    edits: put('GPL-3.0-only'),
    wrong: { 'wrong-licence': put('MIT') },
  };
};

const putComment = (place: string, text: string, random: Random): Made => {
  const bare = [
    ...text.matchAll(/(?<=\n\n)export (?:async )?(?:function|const|type) (\w+)\b/g),
  ].filter(
    ({ 1: name = '' }) =>
      text.match(new RegExp(`\\b(?:function|const|type|interface|class) ${name}\\b`, 'g'))
        ?.length === 1,
  );
  if (bare.length === 0) return undefined;
  const { 1: name = '', index } = random.pick(bare);
  const put = (comment: string) =>
    new Map([[place, `${text.slice(0, index)}${comment}\n${text.slice(index)}`]]);
  return {
    way: 'doc comment on given code',
    acceptance: [`\`${name}\` has a doc comment`],
    edits: put(`/** ${makeSentence(random)} */`),
    wrong: {
      'empty-comment': put('/** */'),
      'comment-with-code': put(`/** ${makeSentence(random)} */\nexport const ready = true;`),
    },
  };
};

/** Only a name whose lines have no quotes, comments, members or short-hand to be wrong about. */
const renameLocal = (place: string, text: string, random: Random): Made => {
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
    new Map([[place, text.replace(new RegExp(`\\b${from}\\b`, 'g'), name)]]);
  const first = text.replace(new RegExp(`\\b${from}\\b`), to);
  return {
    way: 'rename in given code',
    acceptance: [`\`${from}\` is renamed to \`${to}\``],
    edits: put(to),
    wrong: {
      'wrong-name': put(`${to}s`),
      ...(first !== put(to).get(place) && { 'missed-use': new Map([[place, first]]) }),
    },
  };
};
