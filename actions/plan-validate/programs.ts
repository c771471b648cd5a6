// SPDX-License-Identifier: GPL-3.0-only
import { stat } from 'node:fs/promises';
import { join } from 'node:path';
import type { CodeContext } from '../../src/agent/code-agent.ts';
import type { Failure } from '../../src/agent/schema.ts';
import { modulesOfTree } from '../../src/tool/spec-checks.ts';

/** `npx tsc`, `pnpm exec eslint .`; with `--package` the name says nothing of the program. */
const started =
  /(?:^|[;&|(]\s*)(?:npx|(?:npm|pnpm|yarn) exec)\s+(?:--\s+|(?!-p\b|--package\b)-\S+\s+)*(\w[\w.-]*)/g;

/** A check that starts a program of a package that is not there: it would fail at night, after all the work. */
export const missingProgram = async ({
  input: { spec },
  overlay,
  dependencies,
  ahead = false,
}: CodeContext): Promise<Failure | undefined> => {
  const calls = spec.checks.flatMap((check) =>
    [...check.matchAll(started)].map(([, program = '']) => ({ check, program })),
  );
  if (ahead || calls.length === 0) return undefined;
  const modules = await modulesOfTree(overlay, dependencies);
  for (const { check, program } of calls) {
    const places = modules.map(({ source }) => join(source, '.bin', program));
    if ((await Promise.all(places.map(exists))).includes(true)) continue;
    const [what, first] =
      modules.length === 0
        ? ['no packages are prepared or installed', 'run']
        : ['no package that is prepared has it', 'add it to package.json, and run'];
    return {
      code: 'dependencies',
      finding: 'plan.no-program',
      message: `the check "${check}" starts "${program}", and ${what}; nothing is installed at night`,
      advice: `${first} "pantheon deps" by day`,
    };
  }
  return undefined;
};

const exists = (path: string): Promise<boolean> =>
  stat(path).then(
    () => true,
    () => false,
  );
