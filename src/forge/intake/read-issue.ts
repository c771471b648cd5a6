// SPDX-License-Identifier: GPL-3.0-only
import { stringify } from 'yaml';
import { type Mistake, mistakesOf } from '../../data/mistakes.ts';
import { parseYaml } from '../../data/parse-yaml.ts';
import { UserError } from '../../data/user-error.ts';
import { compileProtected } from '../../review/protected.ts';
import { normaliseSpec, type Spec, specDigest, specFileSchema } from '../../spec/schema.ts';
import { type Field, fields } from './form.ts';
import { parseForm } from './parse-form.ts';

/** What an issue says, or each thing that keeps it from being a spec. */
export type Understood =
  | { readonly spec: Spec; readonly digest: string; readonly yaml: string }
  | { readonly mistakes: readonly string[] };

export type ReadOptions = {
  /** Patterns of paths that no spec changes. */
  readonly protected: readonly string[];
  /** Flows there are, where they are known. */
  readonly flows?: ReadonlySet<string> | undefined;
};

/** More could not be shown whole to the person who approves it. */
const maxShown = 50_000;

/** Reads an issue of the form as the spec that a file in `specs/` would be. */
export const readIssue = (
  issue: { readonly number: number; readonly title: string; readonly body: string },
  options: ReadOptions,
): Understood => {
  const form = parseForm(issue.body);
  if ('mistakes' in form) return { mistakes: form.mistakes.map(describe) };
  const hidden = [...form.texts, ['title', issue.title] as const].flatMap(([key, text]) =>
    hiddenIn(text).map((message) => ({ path: [key], message })),
  );
  const values = fields.map((field) => readField(field, form.texts.get(field.key)));
  const wrong = [...hidden, ...values.flatMap(({ mistake }) => mistake ?? [])];
  if (wrong.length > 0) return { mistakes: wrong.map(describe) };
  const written = Object.fromEntries(
    values.flatMap(({ key, value }) => (value === undefined ? [] : [[key, value]])),
  );
  const file = { ...written, title: issue.title };
  const read = specFileSchema.safeParse(file);
  if (!read.success) {
    return { mistakes: mistakesOf(read.error.issues, file, specFileSchema).map(describe) };
  }
  const spec = normaliseSpec(read.data, `issue-${issue.number}`);
  const yaml = stringify(spec, { lineWidth: 0 });
  const faults = [...protectedFaults(spec, options), ...flowFaults(spec, options)];
  if (yaml.length > maxShown) {
    const message = `comes to ${yaml.length} characters, and more than ${maxShown} cannot be shown to who approves it; part it in two`;
    faults.push({ path: [], message });
  }
  return faults.length > 0
    ? { mistakes: faults.map(describe) }
    : { spec, digest: specDigest(spec), yaml };
};

const describe = ({ path: [key, index, ...rest], message }: Mistake): string => {
  const field = fields.find((one) => one.key === key);
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
const hiddenIn = (text: string): readonly string[] => {
  const shown = text.replace(/(`+)(?:(?!\1)[\s\S])+\1/g, '');
  return [
    ...(shown.includes('<!--')
      ? [
          'holds an HTML comment, which readers are not shown; take it out, or put it into backticks',
        ]
      : []),
    ...(invisible.test(text) ? ['holds characters that are not shown; type it anew'] : []),
  ];
};

/** Zero-width and tag characters, and marks that turn the direction of writing. */
const invisible =
  /[\u00ad\u061c\u180e\u200b-\u200f\u202a-\u202e\u2060-\u206f\ufeff\u{e0000}-\u{e0fff}]|[\p{Cc}--[\t\n]]/v;

type Read = { readonly key: string; readonly value?: unknown; readonly mistake?: Mistake };

const readField = ({ key, kind }: Field, text: string | undefined): Read => {
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

/** A line each, with or without the mark of a list. */
const items = (text: string): readonly string[] =>
  text
    .split('\n')
    .map((line) => line.trim().replace(/^(?:[-*+]|\d{1,3}[.)])[ \t]+(?:\[[ xX]\][ \t]+)?/, ''))
    .filter((line) => line !== '' && !/^(?:`{3,}|~{3,})\S*$/.test(line));

const protectedFaults = (spec: Spec, options: ReadOptions): Mistake[] => {
  const isProtected = compileProtected(options.protected);
  return spec.scope.flatMap((pattern, index) =>
    isProtected(pattern.replace(/\*+/g, 'x'))
      ? [
          {
            path: ['scope', index],
            message: `"${pattern}" is protected (gate.protected in pantheon.yaml); no spec changes it`,
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
          message: `there is no flow "${flow}"; there are ${[...flows].join(', ')}`,
        },
      ];
