// SPDX-License-Identifier: GPL-3.0-only
import type { CodeIntent } from './asked.ts';
import { sameModule } from './insertions.ts';
import type { FilePatch } from './patch.ts';

type TestIntent = Extract<CodeIntent, { kind: 'test-skeleton' }>;

/** Paths that test runners take for tests. */
export const isTestPath = (path: string): boolean =>
  /(?:^|\/)(?:tests?|__tests__|spec)\/|[.-](?:test|spec)\.[cm]?[jt]sx?$/.test(path);

const frameworks =
  /^(?:ava|vitest|node:test|node:assert(?:\/strict)?|assert|@jest\/globals|uvu(?:\/assert)?|chai)$/;
const opening = /^(?:test|it|describe)(?:\.serial)?\(/;
const assertion = /\bt\.(?!pass\b|log\b|plan\b|fail\b)\w+\(|\bexpect\(|\bassert\b[.(]/;

/** What is wrong with a test file written for names of a module. */
export const judgeTestFile = (
  { path, patched }: FilePatch,
  asked: readonly TestIntent[],
): readonly string[] => {
  const text = patched.join('');
  const imports = [
    ...text.matchAll(/^import\s+(?:type\s+)?(?:([^'"]*?)\s+from\s+)?['"]([^'"]+)['"]/gm),
  ].map(([, names = '', module = '']) => ({ names, module }));
  const others = imports.filter(({ module }) => !frameworks.test(module));
  const findings: string[] = [];
  if (!asked.some(({ test }) => test === undefined || test === path)) {
    findings.push('the test file is not the one asked for');
  }
  if (!imports.some(({ module }) => frameworks.test(module)))
    findings.push('it imports no test framework');
  if (others.some(({ module }) => !module.startsWith('.'))) {
    findings.push('the test imports a module that it does not need');
  }
  for (const { names, source } of asked) {
    const ofSource = others.filter(
      ({ module }) => source === undefined || sameModule(module, source),
    );
    if (ofSource.length === 0)
      findings.push(`it does not import ${source ?? 'the code under test'}`);
    for (const name of names) {
      const imported = ofSource.some(
        (item) => mentions(item.names, name) || /\*\s+as\s/.test(item.names),
      );
      if (!imported) findings.push(`it does not import "${name}"`);
      if (!mentions(withoutText(bodyOf(text)), name)) findings.push(`it does not test "${name}"`);
    }
  }
  if (!patched.some((line) => opening.test(line.trim()))) findings.push('it contains no test');
  if (/\b(?:test|it|describe)\.(?:skip|todo|failing|only)\b/.test(text))
    findings.push('it contains a test that does not run');
  if (!assertion.test(text)) findings.push('its tests assert nothing');
  if (/\bprocess\.|\brequire\(|\bimport\(|\beval\(/.test(bodyOf(text)))
    findings.push('it does more than test');
  return findings;
};

const mentions = (text: string, name: string): boolean =>
  new RegExp(
    `(?<![\\p{ID_Continue}$])${name.replaceAll('$', '\\$')}(?![\\p{ID_Continue}$])`,
    'u',
  ).test(text);

/** A name in a title or a comment is not put to the test. */
const withoutText = (text: string): string =>
  text.replace(/'(?:[^'\\\n]|\\.)*'|"(?:[^"\\\n]|\\.)*"|\/\/[^\n]*/g, '');

const bodyOf = (text: string): string =>
  text.replace(/^import\s[^'"]*['"][^'"]+['"];?[ \t]*\r?$/gm, '');

/** How many lines from `at` are one new test (or an import) for asked names in a file that has tests. */
export const testBlockAt = (
  lines: readonly string[],
  at: number,
  asked: readonly TestIntent[],
): number => {
  const first = lines[at] ?? '';
  if (first.trim() === '') {
    const next = testBlockAt(lines.slice(at + 1, at + 400), 0, asked);
    return next > 0 ? next + 1 : 0;
  }
  const names = asked.flatMap((intent) => intent.names);
  if (/^import\s/.test(first)) {
    const [, list = '', module = ''] =
      /^import\s+([^'"]*?)\s+from\s+['"](\.[^'"]+)['"];?[ \t]*\r?\n/.exec(first) ?? [];
    const items = list.split(/[{},\s]+/).filter((name) => name !== '');
    const isWanted = (item: string): boolean => names.length === 0 || names.includes(item);
    const from = asked.some(({ source }) => source === undefined || sameModule(module, source));
    return module !== '' && items.length > 0 && items.every(isWanted) && from ? 1 : 0;
  }
  if (!opening.test(first)) return 0;
  const last = lines.findIndex((line, index) => index >= at && /^\}?\);?[ \t]*\r?\n?$/.test(line));
  const block = lines.slice(at, last + 1).join('');
  const honest =
    assertion.test(block) &&
    (names.length === 0 || names.some((name) => mentions(withoutText(block), name)));
  return last >= 0 && honest ? last + 1 - at : 0;
};
