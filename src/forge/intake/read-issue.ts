// SPDX-License-Identifier: GPL-3.0-only
import { stringify } from 'yaml';
import { type Mistake, mistakesOf } from '../../data/file-mistakes.ts';
import { parseYaml } from '../../data/parse-yaml.ts';
import { UserError } from '../../data/user-error.ts';
import { blankCodeSpans } from '../../markdown/prose.ts';
import { describeSecret, type Secret, secretInText } from '../../secrets/find-secrets.ts';
import { textsIn } from '../../secrets/texts-in.ts';
import type { SpecSource } from '../../spec/load-specs.ts';
import { compileProtected } from '../../spec/protected-paths.ts';
import { normaliseSpec, type Spec, specDigest, specFileSchema } from '../../spec/schema.ts';
import { isExcluding } from '../../spec/scope.ts';
import { judgePattern } from '../../workspace/path.ts';
import type { GithubIssue } from '../github/answers.ts';
import { shownLength } from './comment-text.ts';
import { type FormField, formFields } from './form.ts';
import { parseForm } from './parse-form.ts';

/** What an issue says, or each thing that keeps it from being a spec. */
export type UnderstoodIssue =
  | { readonly spec: Spec; readonly digest: string; readonly yaml: string }
  | { readonly mistakes: readonly string[] };

export type ReadOptions = {
  /** Patterns of paths that no spec changes. */
  readonly protected: readonly string[];
  /** Flows there are, where they are known. */
  readonly flows?: ReadonlySet<string> | undefined;
  /** The spec files of the repository, and the ids of specs that had a pull request. */
  readonly files?: readonly SpecSource[];
  readonly past?: ReadonlySet<string>;
  /** What the night would have against a spec that is valid in itself. */
  readonly plan?: (spec: Spec) => Promise<readonly string[]>;
};

/** More could not be shown whole to the person who approves it. */
const maxShown = 50_000;

/** Reads an issue of the form as the spec that a file in `specs/` would be. */
export const readIssue = (
  { number, title, body }: Pick<GithubIssue, 'number' | 'title' | 'body'>,
  options: ReadOptions,
): UnderstoodIssue => {
  const secret = secretInText(`${title}\n${body ?? ''}`);
  if (secret) return { mistakes: [secretMistake(secret, secret.line - 1)] };
  const form = parseForm(body ?? '');
  if ('mistakes' in form) return { mistakes: form.mistakes.map(describeMistake) };
  const hidden = [...form.texts, ['title', title] as const].flatMap(([key, text]) =>
    hiddenIn(text).map((message) => ({ path: [key], message })),
  );
  const values = formFields.map((field) => readField(field, form.texts.get(field.key)));
  const wrong = [...hidden, ...values.flatMap(({ mistake }) => mistake ?? [])];
  if (wrong.length > 0) return { mistakes: wrong.map(describeMistake) };
  const written = Object.fromEntries(
    values.flatMap(({ key, value }) => (value === undefined ? [] : [[key, value]])),
  );
  const file = { ...written, title };
  const read = specFileSchema.safeParse(file);
  if (!read.success) {
    return { mistakes: mistakesOf(read.error.issues, file, specFileSchema).map(describeMistake) };
  }
  const spec = normaliseSpec(read.data, `issue-${number}`);
  const yaml = stringify(spec, { lineWidth: 0 });
  for (const [, text] of textsIn(spec)) {
    const hiddenSecret = secretInText(text);
    if (hiddenSecret) return { mistakes: [secretMistake(hiddenSecret)] };
  }
  const faults = [
    ...pathFaults(spec),
    ...protectedFaults(spec, options),
    ...flowFaults(spec, options),
  ];
  // A value written with escapes shows itself only here.
  if (isHidden(yaml)) faults.push({ path: [], message: unseen });
  const length = shownLength(yaml);
  if (length > maxShown) {
    const message = `the spec has ${length} characters, but only ${maxShown} can be shown to the person who approves it; split it in two`;
    faults.push({ path: [], message });
  }
  return faults.length > 0
    ? { mistakes: faults.map(describeMistake) }
    : { spec, digest: specDigest(spec), yaml };
};

const secretMistake = (secret: Secret, line?: number): string => {
  const place = line === undefined ? 'the issue' : line === 0 ? 'the title' : `line ${line}`;
  return `${place} ${describeSecret(secret)}, so nothing is made of it; take it out, and replace it where it is in use: the issue keeps its earlier text`;
};

/** A mistake with the name that its field has in the form. */
export const describeMistake = ({ path: [key, index, ...rest], message }: Mistake): string => {
  const field = formFields.find((one) => one.key === key);
  const name = field?.label ?? (key === undefined ? undefined : String(key));
  if (name === undefined) return message;
  const place = [
    ...(typeof index === 'number'
      ? [`line ${index + 1}`]
      : index === undefined
        ? []
        : [String(index)]),
    ...rest.map(String),
  ];
  return `${name}${place.length > 0 ? `, ${place.join('.')}` : ''}: ${message}`;
};

/** What a reader of the issue is not shown must not reach a model. */
const hiddenIn = (text: string): readonly string[] => [
  ...(text.split('\n').some((line) => withoutSpans(line).includes('<!--'))
    ? ['contains an HTML comment, which readers do not see; remove it or put it in backticks']
    : []),
  ...(isHidden(text) ? [unseen] : []),
];

/** Behind a backslash a backtick opens none, and which one would is not worth telling: then nothing is code. */
const withoutSpans = (line: string): string => (line.includes('\\`') ? line : blankCodeSpans(line));

const unseen = 'contains invisible characters; type it again';

/**
 * Characters without a shape of their own, which can carry a text that nobody sees: zero-width,
 * tags, selectors of variants, fillers, odd line ends, and marks that turn the direction of writing.
 * The one selector that makes a sign colourful may follow a sign.
 */
const invisible =
  /[[\p{Default_Ignorable_Code_Point}\p{Zl}\p{Zp}\ufff9-\ufffb]--\ufe0f]|(?<!\p{Emoji})\ufe0f|[\p{Cc}--[\t\n]]|\p{Cs}/v;

/**
 * Joiners where they are seen: one between two signs that become one (👩‍💻), and one between letters of the scripts
 * that are spelled with them (UAX #31, 2.3 Layout and Format Control Characters).
 */
const seenJoiners =
  /(?<=[\p{Extended_Pictographic}\p{EMod}\ufe0f])\u200d(?=\p{Extended_Pictographic})|(?<=[[\p{Script=Arabic}\p{Script=Syriac}\p{Script=Devanagari}\p{Script=Bengali}\p{Script=Gurmukhi}\p{Script=Gujarati}\p{Script=Oriya}\p{Script=Tamil}\p{Script=Telugu}\p{Script=Kannada}\p{Script=Malayalam}\p{Script=Sinhala}\p{Script=Khmer}\p{Script=Mongolian}]&&[\p{L}\p{M}]])[\u200c\u200d](?=[\p{L}\p{M}])/gv;

const isHidden = (text: string): boolean => invisible.test(text.replace(seenJoiners, ''));

type Read = { readonly key: string; readonly value?: unknown; readonly mistake?: Mistake };

const readField = ({ key, kind }: FormField, text: string | undefined): Read => {
  if (text === undefined) return { key };
  if (kind === 'lines') return { key, value: items(text) };
  if (kind === 'line') return { key, value: text.trim() };
  if (kind === 'number') {
    return { key, value: /^-?\d{1,9}$/.test(text.trim()) ? Number(text) : text.trim() };
  }
  try {
    return { key, value: parseYaml({ name: key, text }).value };
  } catch (error) {
    if (!(error instanceof UserError)) throw error;
    return { key, mistake: { path: [key], message: error.message.replace(`${key}:`, '') } };
  }
};

/** One item per line, with or without the mark of a list. */
const items = (text: string): readonly string[] =>
  text
    .split('\n')
    .map((line) => line.trim().replace(/^(?:[-*+]|\d{1,3}[.)])[ \t]+(?:\[[ xX]\][ \t]+)?/, ''))
    .filter((line) => line !== '' && !/^(?:`{3,}|~{3,})\S*$/.test(line));

/** Such a pattern covers nothing, whatever is in the repository. */
const pathFaults = (spec: Spec): Mistake[] =>
  (['scope', 'context'] as const).flatMap((key) =>
    spec[key].flatMap((pattern, index) => {
      const fault = judgePattern(pattern);
      return fault ? [{ path: [key, index], message: fault.reason }] : [];
    }),
  );

/** A pattern that begins with a star may meet protected paths in passing; the gate leaves those alone. */
const protectedFaults = (spec: Spec, options: ReadOptions): Mistake[] => {
  const isProtected = compileProtected(options.protected);
  const paths = options.protected.map((pattern) => pattern.replace(/\*+/g, 'x'));
  const names = (pattern: string): boolean =>
    isProtected(pattern.replace(/\*+/g, 'x')) ||
    (!pattern.startsWith('*') && paths.some(compileProtected([pattern])));
  return spec.scope.flatMap((pattern, index) =>
    !isExcluding(pattern) && names(pattern)
      ? [
          {
            path: ['scope', index],
            message: `"${pattern}" is protected (gate.protected in pantheon.yaml); no spec can change it`,
          },
        ]
      : [],
  );
};

const flowFaults = ({ flow }: Spec, { flows }: ReadOptions): readonly Mistake[] =>
  flow === undefined || !flows || flows.has(flow)
    ? []
    : [
        {
          path: ['flow'],
          message: `the flow "${flow}" does not exist; the flows are ${[...flows].join(', ')}`,
        },
      ];
