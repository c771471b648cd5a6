// SPDX-License-Identifier: GPL-3.0-only

import { z } from 'zod';
import type { Judge } from '../../src/chore/patch.ts';

type Check = 'tests' | 'types' | 'lint' | 'format' | 'build' | 'links' | 'checks';

const countsSchema = z.object({
  failed: z.int().min(0),
  failedBefore: z.int().min(0).default(0),
});

/** Looks through the words of the spec's commands for a program that does this, and at the tests' counts. */
export const redo: Judge<{ readonly check: Check }> = ({ check }, { spec, outputs }) => {
  const done = new Set(spec.checks.flatMap(doneBy));
  if (check === 'checks' ? spec.checks.length > 0 : check !== 'tests' && done.has(check))
    return { findings: [] };
  // One that leads nowhere stops a unit before it comes here.
  if (check === 'links') return { findings: [] };
  if (check !== 'tests') return { findings: [`no command of the spec's checks is for: ${check}`] };
  const tested = Object.values(outputs).flatMap((output) =>
    'changes' in output ? [] : (countsSchema.safeParse(output.result).data ?? []),
  );
  for (const { failed, failedBefore } of tested) {
    if (failed > 0) return { findings: [`${failed} tests are red`] };
    if (failedBefore > 0)
      return { findings: [`${failedBefore} tests are red, as they are on the base`] };
  }
  return { findings: [] };
};

/** What a program does, or a program with its first word or flag. */
const programs: Readonly<Record<string, readonly Check[]>> = {
  tsc: ['types', 'build'],
  tsgo: ['types'],
  'vue-tsc': ['types'],
  'svelte-check': ['types'],
  mypy: ['types'],
  pyright: ['types'],
  'go vet': ['types'],
  'go build': ['types', 'build'],
  'cargo check': ['types'],
  'cargo build': ['types', 'build'],
  'deno check': ['types'],
  eslint: ['lint'],
  oxlint: ['lint'],
  xo: ['lint'],
  standard: ['lint'],
  stylelint: ['lint'],
  'biome check': ['lint', 'format'],
  'biome ci': ['lint', 'format'],
  'biome lint': ['lint'],
  'biome format': ['format'],
  'ruff check': ['lint'],
  'golangci-lint run': ['lint'],
  'cargo clippy': ['lint'],
  'prettier --check': ['format'],
  'prettier -c': ['format'],
  'prettier --list-different': ['format'],
  'prettier -l': ['format'],
  'dprint check': ['format'],
  'black --check': ['format'],
  'ruff format --check': ['format'],
  'cargo fmt --check': ['format'],
  'vite build': ['build'],
  'next build': ['build'],
  'nuxt build': ['build'],
  'astro build': ['build'],
  webpack: ['build'],
  rollup: ['build'],
  tsup: ['build'],
  esbuild: ['build'],
  'parcel build': ['build'],
  make: ['build'],
  'make build': ['build'],
  'make all': ['build'],
};

/** Words of a script's name that say what it does. */
const scripts: Readonly<Record<string, Check>> = {
  type: 'types',
  types: 'types',
  typecheck: 'types',
  tsc: 'types',
  lint: 'lint',
  build: 'build',
};

const emptying = new Set([
  ...['--help', '-h', '--version', '-v', '--init', '--showConfig', '--print-config', '--noCheck'],
  ...['--write', '--fix', '--apply', '--passWithNoTests', '--exit-zero', '--if-present'],
]);

/** What a check command does for certain; nothing where a shell may make more of it than its words. */
const doneBy = (line: string): readonly Check[] => {
  const words = line.trim().split(/\s+/);
  if (words.some((word) => /[;|`<>]|\$\(|.&|&./.test(word.replace(/^&&$/, '')) || word === '&'))
    return [];
  if (line.trim().includes('\n')) return [];
  const parts: string[][] = [[]];
  for (const word of words) word === '&&' ? parts.push([]) : parts.at(-1)?.push(word);
  return parts.flatMap((part) => doneByPart(part));
};

const doneByPart = (words: readonly string[]): readonly Check[] => {
  if (words.some((word) => emptying.has(word.split('=')[0] ?? ''))) return [];
  const [first = '', second = '', ...rest] = words;
  if (/^\w+=/.test(first)) return doneByPart(words.slice(1));
  if (first === 'npx' || first === 'bunx')
    return doneByPart(words.slice(/^(?:-y|--no|--no-install)$/.test(second) ? 2 : 1));
  if ((first === 'pnpm' || first === 'yarn') && second === 'exec') return doneByPart([...rest]);
  if (/^(?:npm|pnpm|yarn|bun)$/.test(first)) {
    const names = words.slice(1).filter((word) => !/^(?:run|run-script|-s|--silent)$/.test(word));
    return doneByScript(names[0] ?? '');
  }
  const program = first.replace(/^(?:\.\/)?node_modules\/\.bin\//, '');
  const key = Object.keys(programs)
    .filter((name) => {
      const [head, ...more] = name.split(' ');
      const isFlag = more.at(-1)?.startsWith('-') === true;
      return (
        head === program &&
        (isFlag
          ? more.every((word) => words.includes(word))
          : more.every((word, index) => words[index + 1] === word)) &&
        (name !== 'make' || words.length === 1)
      );
    })
    .sort((a, b) => b.length - a.length)[0];
  return key === undefined ? [] : (programs[key] ?? []);
};

/** `test:unit`, `check-types`, `format:check`: the words that name it. */
const doneByScript = (name: string): readonly Check[] => {
  const parts = name.split(/[:-]/);
  const [first = ''] = parts;
  if (parts.includes('check') && parts.some((part) => /^(?:format|fmt|prettier)$/.test(part)))
    return ['format'];
  if (parts.includes('lint')) return ['lint'];
  if (/^(?:type-?checks?|check-types?)$/.test(parts.join('-'))) return ['types'];
  if (first === 'test' && /^types?$/.test(parts[1] ?? '')) return ['types'];
  const does = scripts[first];
  return does === undefined || (does === 'types' && parts.length > 1) ? [] : [does];
};
