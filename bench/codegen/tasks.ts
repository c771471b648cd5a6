// SPDX-License-Identifier: GPL-3.0-only
import { posix } from 'node:path';
import { sha256 } from '../../src/data/digest.ts';
import type { SpecFile } from '../../src/spec/schema.ts';
import { type Exported, exportedIn, exportsOf } from './compiler.ts';
import type { Corpus } from './corpus.ts';

/** A chore with what a check needs to know; `hopeless` ones must be declined. */
export type Task = {
  readonly corpus: Corpus;
  readonly spec: SpecFile;
  readonly expect:
    | { readonly kind: 'rename'; readonly of: Exported; readonly to: string }
    | { readonly kind: 'export'; readonly of: Exported; readonly index: string }
    | { readonly kind: 'doc-comment'; readonly of: Exported; readonly text: string | undefined }
    | { readonly kind: 'test-skeleton'; readonly of: Exported; readonly test: string }
    | { readonly kind: 'header'; readonly ending: string; readonly licence: string }
    | { readonly kind: 'hopeless'; readonly why: string };
};

const isTest = (path: string): boolean => /(?:^|\/)tests?\/|\.test\./u.test(path);

/** In an order that has nothing to do with the names. */
const shuffled = <T>(items: readonly T[], key: (item: T) => string): readonly T[] =>
  items.toSorted((a, b) => (sha256(key(a)) < sha256(key(b)) ? -1 : 1));

/** Makes up to `each` tasks of every kind from a package's sources; always the same ones. */
export const tasksFor = (corpus: Corpus, each: number): readonly Task[] => {
  const all = Object.entries(corpus.files)
    .filter(([path]) => !path.endsWith('.json') && !isTest(path))
    .flatMap(([path, text]) => exportedIn(path, text));
  const pool = shuffled(all, ({ path, name }) => `${corpus.name} ${path} ${name}`);
  const unique = pool.filter(({ name }) => all.filter((one) => one.name === name).length === 1);
  const scope = '**';
  const pick = (from: readonly Exported[], make: (one: Exported, at: number) => Task) =>
    from.slice(0, each).map(make);

  const renames = pick(unique, (of, at): Task => {
    const to = `${of.name}Anew`;
    const phrasings = [
      `\`${of.name}\` is renamed to \`${to}\``,
      `Rename \`${of.name}\` to \`${to}\` with all its uses`,
      `The name \`${of.name}\` is now called \`${to}\``,
    ];
    const acceptance = [phrasings[at % phrasings.length] ?? '', 'All uses are renamed'];
    return {
      corpus,
      spec: { title: 'A better name', scope, acceptance },
      expect: { kind: 'rename', of, to },
    };
  });
  const taken = pick(unique.slice(each, each + 1), (of): Task => {
    const to = all.find(({ path, name }) => path === of.path && name !== of.name)?.name ?? 'class';
    const acceptance = [`\`${of.name}\` is renamed to \`${to}\``];
    const why = `\`${to}\` is taken`;
    return {
      corpus,
      spec: { title: 'A taken name', scope, acceptance },
      expect: { kind: 'hopeless', why },
    };
  });
  const { index } = corpus;
  const known = index === undefined ? undefined : exportsOf(corpus.files, index);
  const outer = unique.filter(({ path, name }) => path !== index && !known?.has(name));
  const exports =
    index === undefined
      ? []
      : pick(outer, (of, at): Task => {
          const phrasings = [
            `\`${of.name}\` is exported from \`${index}\``,
            `Export \`${of.name}\` from ${index}`,
            `Add the missing export of \`${of.name}\` to \`${index}\``,
          ];
          const acceptance = [phrasings[at % phrasings.length] ?? '', 'Nothing else changes'];
          return {
            corpus,
            spec: { title: 'An export', scope, acceptance },
            expect: { kind: 'export', of, index },
          };
        });
  const bare = unique.filter(({ documented }) => !documented);
  const docs = pick(bare, (of, at): Task => {
    const text = at % 2 === 0 ? 'Says what it is for, in one line.' : undefined;
    const saying = text === undefined ? '' : ` saying "${text}"`;
    const acceptance = [
      `\`${of.name}\` in \`${of.path}\` has a doc comment${saying}`,
      'No code changes',
    ];
    return {
      corpus,
      spec: { title: 'A comment', scope, acceptance },
      expect: { kind: 'doc-comment', of, text },
    };
  });
  const values = unique.filter(({ isType }) => !isType);
  const tests = pick(values.slice(1), (of): Task => {
    const stem = of.path.replace(/\.[cm]?[jt]sx?$/u, '');
    const test = `test/${stem}.anew.test${posix.extname(of.path)}`;
    const acceptance = [`There is an AVA test for \`${of.name}\` in \`${test}\``];
    return {
      corpus: { ...corpus, files: { ...corpus.files, 'package.json': testedByAva } },
      spec: { title: 'A test', scope: ['**', 'test/'], acceptance },
      expect: { kind: 'test-skeleton', of, test },
    };
  });
  return [...renames, ...taken, ...exports, ...docs, ...tests, ...headers(corpus)];
};

/** Installed packages come without their tests and mostly without their manifest. */
const testedByAva = JSON.stringify({
  devDependencies: { ava: '8.0.1' },
  ava: { extensions: ['js', 'ts'] },
});

const headers = (corpus: Corpus): readonly Task[] => {
  const endings = new Set(Object.keys(corpus.files).map((path) => posix.extname(path)));
  return ['.ts', '.js']
    .filter((ending) => endings.has(ending))
    .map((ending) => ({
      corpus,
      spec: {
        title: 'Add header',
        scope: '**',
        acceptance: [`All *${ending} have a GPL header`, 'Nothing else changes'],
      },
      expect: { kind: 'header', ending, licence: 'GPL' },
    }));
};
