// SPDX-License-Identifier: GPL-3.0-only

/* Words by which a comment speaks to whoever works on the code, or to what does, and not of the code. */

const listOf = (text: string): ReadonlySet<string> => new Set(text.split(/\s+/u).filter(Boolean));

/** Out of place unless the code has them too. */
const strange = listOf(`
  ai llm llms gpt chatgpt copilot claude gemini assistant assistants agent agents bot bots prompt prompts
  instruction instructions review reviews reviewer reviewers reviewed reviewing approve approves approved
  approving approval auditor auditors maintainer maintainers todo fixme xxx hack tbd wip
  license licenses licensed licensing licence licences licenced copyright spdx gpl agpl lgpl apache
  proprietary warranty eslint biome prettier tslint istanbul webpack sourcemappingurl pragma nocheck cspell
  codeql snyk sonar`);

const orders = listOf(
  'ignore ignores disregard disregards forget forgets override overrides bypass bypasses',
);
const pointers = listOf('all any the previous prior above these those your every this');
const duties = listOf('must should shall are may can will need');
const doers = listOf('ai llm assistant reviewer agent model');
const judged = listOf('reviewed approved audited verified vetted');
const tools = listOf('eslint biome prettier tslint oxlint stylelint rome dprint istanbul c8 v8');
const switches = listOf('disable enable ignore env global');
const handling = listOf('review check test edit change touch modify remove report flag reject');
const tests = listOf('review test tests check checks approval');

type Rule = (word: string, next: string, third: string) => boolean;

const rules: readonly Rule[] = [
  (word, next) => orders.has(word) && pointers.has(next),
  (word, next, third) => word === 'as' && (next === 'a' || next === 'an') && doers.has(third),
  (word, next) => word === 'you' && duties.has(next),
  (word, next) => ['already', 'been', 'was', 'is', 'are'].includes(word) && judged.has(next),
  (word, next, third) =>
    word === 'safe' &&
    next === 'to' &&
    ['merge', 'skip', 'ignore', 'approve', 'trust', 'delete'].includes(third),
  (word, next, third) =>
    ['skip', 'omit', 'without', 'no', 'need', 'needs', 'from', 'for', 'to'].includes(word) &&
    tests.has(['the', 'a', 'any', 'no'].includes(next) ? third : next) &&
    word !== 'for' &&
    word !== 'to' &&
    word !== 'from',
  (word, next, third) => word === 'exempt' && next === 'from' && third !== '',
  (word, next, third) => word === 'must' && next === 'not' && third === 'be',
  (word, next, third) => word === 'do' && next === 'not' && handling.has(third),
  (word, next) => (word === "don't" || word === 'never') && handling.has(next),
  (word, next) =>
    ['merge', 'approve', 'accept'].includes(word) && ['this', 'it', 'the'].includes(next),
  (word, next) => word === 'system' && (next === 'prompt' || next === 'message'),
  (word, next) => tools.has(word) && switches.has(next),
  (word, next) => word === 'ts' && ['ignore', 'nocheck', 'expect', 'check'].includes(next),
  (word, next, third) =>
    word === 'source' && (next === 'mapping' ? third === 'url' : next === 'url'),
  (word, next) => word === 'jsx' && ['import', 'runtime', 'frag', 'pragma'].includes(next),
  (word) =>
    [
      'jsximportsource',
      'jsxruntime',
      'jsxfrag',
      'sourceurl',
      'webpackignore',
      'webpackchunkname',
      'nosemgrep',
      'nosonar',
      'noinspection',
      'nosec',
      'noqa',
    ].includes(word),
  (word, next) => word === 'use' && ['strict', 'client', 'server'].includes(next),
];

/** What of a line is spoken to somebody, if anything is. */
export const spokenTo = (line: string, inCode: ReadonlySet<string>): string | undefined => {
  const words = line
    .toLowerCase()
    .replace(/\u2019/gu, "'")
    .split(/[^\p{L}\p{N}']+/u)
    .filter((word) => word !== '');
  const isInCode = (word: string): boolean =>
    inCode.has(word) || inCode.has(word.replace(/s$/u, ''));
  const at = words.findIndex(
    (word, index) =>
      (strange.has(word) && !isInCode(word)) ||
      rules.some((rule) => rule(word, words[index + 1] ?? '', words[index + 2] ?? '')),
  );
  return at === -1 ? undefined : words.slice(at, at + 3).join(' ');
};
