// SPDX-License-Identifier: GPL-3.0-only
import { globSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import test from 'ava';
import ts from 'typescript';
import { nodesOf, readSources } from '../../bench/house/source.ts';
import { pages, readPage, root } from './pages.ts';

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
  const faults = readSources(root, ['src', 'actions'])
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
