// SPDX-License-Identifier: GPL-3.0-only
import type { Intent } from '../../../../src/chore/intent-kinds.ts';
import { compileScope } from '../../../../src/spec/scope.ts';
import type { Sides } from './plan.ts';
import { exportedNames, type Parsed, parseScript, tokensOf } from './syntax.ts';
import { isTestFor } from './test-file.ts';

/** Whether the changed files together do what each sentence asks for. */
export const redoWhole = async (
  sides: ReadonlyMap<string, Sides>,
  intents: readonly Intent[],
): Promise<readonly string[]> => {
  const after = new Map<string, Parsed>();
  for (const [path, { patched }] of sides) {
    if (patched !== undefined && /\.[cm]?[jt]sx?$/.test(path)) {
      after.set(path, await parseScript(path, patched));
    }
  }
  return intents.flatMap((intent) => redoIntent(intent, after));
};

const redoIntent = (intent: Intent, after: ReadonlyMap<string, Parsed>): readonly string[] => {
  const files = [...after];
  switch (intent.kind) {
    case 'export':
      return intent.names.flatMap((name) => {
        const places = files.filter(([path]) => !intent.index || path.endsWith(intent.index));
        return places.some(([, parsed]) => exportedNames(parsed).includes(name))
          ? []
          : [`\`${name}\` is still not exported`];
      });
    case 'rename':
      if (!canBeBound(intent.to, files[0]?.[1].compiler)) {
        return [`\`${intent.to}\` is a reserved word`];
      }
      return files.some(([, { declared }]) => declared.some(({ name }) => name === intent.to)) ||
        files.some(([, parsed]) => tokensOf(parsed).some(({ text }) => text === intent.to))
        ? []
        : [`\`${intent.to}\` does not exist in the changed files`];
    case 'absent': {
      const within = intent.files.length === 0 ? () => true : compileScope(intent.files);
      return files
        .filter(
          ([path, parsed]) =>
            within(path) &&
            tokensOf(parsed).some(({ text, use }) => text === intent.name && use === 'variable'),
        )
        .map(([path]) => `${path}: \`${intent.name}\` is still there`);
    }
    case 'doc-comment':
      return lacking(intent, files);
    case 'test-skeleton':
      return files.some(([path]) => isTestFor(path, intent)) ? [] : ['there is no new test'];
    default:
      return [];
  }
};

/** Whether a module may declare it, and by that hides no value that everyone knows. */
const canBeBound = (name: string, compiler: Parsed['compiler'] | undefined): boolean => {
  if (/^(?:arguments|eval|undefined|NaN|Infinity|globalThis)$/.test(name)) return false;
  if (!compiler) return true;
  const { AwaitKeyword, FirstReservedWord, LastFutureReservedWord } = compiler.SyntaxKind;
  const scanner = compiler.createScanner(compiler.ScriptTarget.Latest, true);
  scanner.setText(name);
  const word = scanner.scan();
  return word !== AwaitKeyword && !(word >= FirstReservedWord && word <= LastFutureReservedWord);
};

const lacking = (
  { names, files: globs, text }: Extract<Intent, { kind: 'doc-comment' }>,
  files: readonly (readonly [string, Parsed])[],
): readonly string[] => {
  const within = globs.length === 0 ? () => true : compileScope(globs);
  const covered = files.filter(([path]) => within(path)).map(([, parsed]) => parsed);
  const documented = covered.flatMap((parsed) => parsed.documented);
  const wanted =
    names.length > 0
      ? names
      : covered.flatMap(({ declared }) =>
          declared.filter(({ exported }) => exported).map(({ name }) => name),
        );
  const plain = (comment: string): string => comment.replace(/[\s/*]+/g, ' ').trim();
  return wanted.flatMap((name) => {
    const comments = documented
      .filter((one) => one.name === name)
      .map(({ comment }) => plain(comment));
    const good = comments.some((comment) =>
      text === undefined
        ? /\p{L}{2}/u.test(comment.replace(/\b(?:todo|tbd|fixme)\b/gi, ''))
        : comment.includes(plain(text)),
    );
    return good ? [] : [`\`${name}\` has no doc comment`];
  });
};
