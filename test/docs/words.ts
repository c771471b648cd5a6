// SPDX-License-Identifier: GPL-3.0-only
import { globSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import test from 'ava';
import ts from 'typescript';
import { exportedTypesOf, nodesOf, readSources } from '../../bench/house/source.ts';
import { pages, readPage, root } from './pages.ts';

const sources = readSources(root, ['src', 'actions']);
const ofSrc = sources.filter(({ path }) => path.startsWith('src/'));

/** Words that people stumble over, each with what to write instead. */
const words: readonly (readonly [RegExp, string])[] = [
  [/(?<!there )\b(?:is|are|was|were) no\b(?! (?:longer|more|less|other))/i, 'is not a'],
  [/\bhold(?:s|ing)? (?:no|an?|the|its|all|what|only|nothing)\b/i, 'has, contains'],
  [/\banew\b/i, 'again'],
  [/\bmend(?:s|ed|ing)?\b/i, 'fix'],
  [/how-manieth/, 'attempt'],
  [/\bstands? (?:twice|two times)/, 'is a duplicate'],
  [/\bstands? (?:in(?! for)|on|above|below|there|here)\b/, 'is in, is on'],
  [/\blies? (?:in|on|above|below|there|here)\b/, 'is in, is on'],
  [/\b(?:out|up)-(?:of|to)-date\b/, 'out of date, up to date'],
  [/\b(?:leavings|machinery|desk)\b/i, 'the thing itself, no metaphor'],
];

const subject = [/^what /, 'a noun as the subject'] as const;

const faultsOf = (text: string, list = words): readonly string[] =>
  list.flatMap(([word, better]) => {
    const odd = word.exec(text)?.[0];
    return odd === undefined ? [] : [`"${odd.trim()}" (write: ${better}) in: ${text.trim()}`];
  });

/** Texts that models read or exams contain: they change for other reasons, and their bytes count. */
const verbatim =
  /^src\/(?:agent\/(?:prompt|dialects)|day\/planner\/prompt|tool\/search-text|markdown\/rules|review\/exam\/)/;

const isText = (node: ts.Node): node is ts.LiteralLikeNode =>
  (ts.isStringLiteralLike(node) ||
    ts.isTemplateHead(node) ||
    ts.isTemplateMiddleOrTemplateTail(node)) &&
  !ts.isImportDeclaration(node.parent);

test('messages are in plain words', (t) => {
  const faults = sources
    .filter(({ path }) => !verbatim.test(path))
    .flatMap(({ path, tree }) =>
      nodesOf(tree, isText).flatMap((node) => {
        const { line } = tree.getLineAndCharacterOfPosition(node.getStart(tree));
        return faultsOf(node.text, [...words, subject]).map(
          (fault) => `${path}:${line + 1}: ${fault}`,
        );
      }),
    );
  t.deepEqual(faults, []);
});

test('pages are in plain words', (t) => {
  const actions = globSync('actions/*/{README.md,action.yml}', { cwd: root }).sort();
  const faults = [...pages(), ...actions.map(readPage)].flatMap(({ path, prose }) =>
    prose.split('\n').flatMap((line) => faultsOf(line).map((fault) => `${path}: ${fault}`)),
  );
  t.deepEqual(faults, []);
});

test('the example and the schemas are described in plain words', (t) => {
  const files = globSync(['schemas/*.json', 'pantheon.yaml', 'examples/specs/*'], { cwd: root });
  const paths = files.map((path) => ({ path }));
  const faults = paths.flatMap(({ path }) =>
    readFileSync(join(root, path), 'utf8')
      .split('\n')
      .flatMap((line) => faultsOf(line).map((fault) => `${path}: ${fault}`)),
  );
  t.deepEqual(faults, []);
});

const { text } = readPage('CONTRIBUTING.md');
const [, table = ''] = /\n\| word +\| meaning[^\n]*\n([\s\S]*?)\n\n/.exec(text) ?? [];
const rows = table.split('\n').slice(1);

test('the glossary names no word twice', (t) => {
  const words = rows.flatMap((row) =>
    (row.split('|')[1] ?? '').split(',').map((word) => word.trim()),
  );
  t.true(words.length >= 30);
  t.deepEqual(
    words.filter((word, index) => words.indexOf(word) !== index),
    [],
  );
});

test('every type that the glossary names is one of src', (t) => {
  const types = new Set(ofSrc.flatMap(exportedTypesOf));
  const named = [...table.matchAll(/`([A-Z][A-Za-z]+)`/g)].map(([, name]) => name ?? '');
  t.true(named.length >= 15);
  t.deepEqual(
    named.filter((name) => !types.has(name)),
    [],
  );
});

test('every folder of src that CONTRIBUTING.md leads to is there', (t) => {
  const folders = new Set(ofSrc.map(({ path }) => path.replace(/\/[^/]*$/, '')));
  const named = [...text.matchAll(/^\| `([a-z]+(?:\/[a-z]+)?)` +\|/gm)].map(([, name]) => name);
  t.true(named.length >= 10);
  t.deepEqual(
    named.filter((name) => !folders.has(`src/${name}`)),
    [],
  );
});
