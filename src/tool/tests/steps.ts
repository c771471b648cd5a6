// SPDX-License-Identifier: GPL-3.0-only
import { type RunnerCall, readCall, withoutUnwanted } from './runners.ts';

/** One command of a test script, and the runner it starts where its report can be read. */
export type Step = { readonly command: string; readonly call?: RunnerCall };

type Scripts = Readonly<Record<string, string>>;

/** Scripts that call each other deeper than this, and parts beyond so many, are left to npm and the shell. */
const deepest = 3;
const mostParts = 20;

/**
 * A command as the steps it runs one after the other: parts that `&&` joins, and in the place of
 * `npm run <script>` that script's own, with what npm runs before and after it. A command that is
 * more than that to a shell stays whole.
 */
export const stepsOf = (command: string, scripts: Scripts, depth = 0): readonly Step[] => {
  const parts = splitPlain(command);
  if (!parts) return [{ command }];
  return parts.flatMap((part) => {
    const other = depth < deepest ? scriptCall(part, scripts) : undefined;
    if (other) return scriptSteps(other.name, scripts, depth + 1, other.args);
    const call = readCall(part);
    return [{ command: part, ...(call && { call: withoutUnwanted(call) }) }];
  });
};

/** The steps of a script by its name, as `npm run` takes them. */
export const scriptSteps = (
  name: string,
  scripts: Scripts,
  depth = 0,
  args = '',
): readonly Step[] =>
  [`pre${name}`, name, `post${name}`].flatMap((key) => {
    const script = Object.hasOwn(scripts, key) ? (scripts[key] ?? '') : '';
    if (isVacuous(script)) return [];
    return stepsOf(key === name ? `${script} ${args}`.trim() : script, scripts, depth);
  });

/** A script that runs nothing, such as the one that npm writes into a new package. */
const isVacuous = (script: string): boolean =>
  /^(?:\s*(?:echo\b[^;&|]*|true|:|exit(?:\s+\d+)?)\s*(?:$|&&|;))*\s*$/.test(script);

/** Parts of a plain `a && b`; `undefined` where a part means something only together with another. */
const splitPlain = (command: string): readonly string[] | undefined => {
  const bare = command.replace(/'[^']*'|"[^"$`\\]*"/g, (quoted) => 'q'.repeat(quoted.length));
  if (/[;|\n()`<>'"\\]|\$\(|(?<!&)&(?!&)|(?:^|&&)\s*(?:cd|export|set|\.)\s/.test(bare))
    return undefined;
  const parts: string[] = [];
  let from = 0;
  for (const { index } of bare.matchAll(/&&/g)) {
    parts.push(command.slice(from, index).trim());
    from = index + 2;
  }
  parts.push(command.slice(from).trim());
  return parts.length > mostParts ? undefined : parts;
};

/** A call of another script of the same package. Flags before `--` are npm's own: `--workspaces` goes elsewhere. */
const scriptCall = (
  part: string,
  scripts: Scripts,
): { readonly name: string; readonly args: string } | undefined => {
  const [, manager, word = '', more = ''] =
    /^(npm|pnpm|yarn|bun)\s+(?:(?:run|run-script)\s+)?(?:(?:-s|--silent)\s+)?([\w:.-]+)(?:\s+(.*))?$/.exec(
      part,
    ) ?? [];
  const name = word === 't' ? 'test' : word;
  const args = more.replace(/^--(?:\s+|$)/, '');
  const isForNpm = manager === 'npm' && args === more && more.startsWith('-');
  return Object.hasOwn(scripts, name) && !isForNpm ? { name, args } : undefined;
};
