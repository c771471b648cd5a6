// SPDX-License-Identifier: GPL-3.0-only

/** What may be asked to pass. */
export type Check = Runnable | 'tests' | 'links';

/** What a command has to run: tests and links are looked at anyway. */
export type Runnable = 'types' | 'lint' | 'format' | 'build' | 'checks';

const script = (names: string): string =>
  `(?:npm|pnpm|yarn|bun) (?:(?:run|run-script) )?(?:-s |--silent )?(?:${names})(?![\\w-])`;

const builders =
  'vite build|next build|nuxt build|astro build|webpack|rollup|tsup|esbuild|parcel build';

/** Commands by what they run, from their first word on. */
const commands: Readonly<Record<Exclude<Runnable, 'checks'>, readonly string[]>> = {
  types: [
    script('types?|tsc|types?-?checks?|checks?[:-]types?|test:types?'),
    'tsc|tsgo|vue-tsc|svelte-check|mypy|pyright|go (?:build|vet)|cargo (?:check|build)|deno check',
  ],
  lint: [
    script('(?:[\\w-]+:)?lint(?:[:-][\\w:-]+)?'),
    'eslint|oxlint|xo|standard|stylelint|biome (?:check|lint|ci)|ruff check|golangci-lint run|cargo clippy',
  ],
  format: [
    script('(?:format|fmt|prettier)[:-]check|check[:-](?:format|fmt|prettier)'),
    'prettier (?:\\S+ )*(?:--check|-c|--list-different|-l)|biome (?:check|format|ci)|dprint check',
    'black (?:\\S+ )*--check|ruff format (?:\\S+ )*--check|cargo fmt (?:\\S+ )*--check',
  ],
  build: [
    script('build(?:[:-][\\w:-]+)?'),
    builders,
    'tsc|make(?: build| all)?$|(?:go|cargo) build',
  ],
};

/** These make a command pass by itself, or run nothing. */
const hollow =
  /\s(?:--help|-h|--version|-v|--init|--showConfig|--print-config|--noCheck|--write|--fix|--apply|--passWithNoTests|--exit-zero|--if-present)(?![\w-])/;

/** Whether one of a spec's check commands plainly runs this, and goes red with it. */
export const plainlyRuns = (check: Runnable, checks: readonly string[]): boolean => {
  if (check === 'checks') return checks.length > 0;
  const pattern = new RegExp(
    `^(?:\\w+=\\S+ )*(?:(?:npx|bunx|pnpm exec|yarn exec) (?:--no(?:-install)? |-y )?)?(?:node_modules/\\.bin/|\\./node_modules/\\.bin/)?(?:${commands[check].join('|')})(?= |$)`,
  );
  return checks.some((line) => {
    if (/[;|`\n<>]|\$\(|(?<!&)&(?!&)/.test(line)) return false;
    return line
      .split('&&')
      .map((part) => part.trim().replace(/\s+/g, ' '))
      .some((part) => pattern.test(part) && !hollow.test(part));
  });
};
