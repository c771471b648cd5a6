// SPDX-License-Identifier: GPL-3.0-only
import { stringify } from 'yaml';
import { z } from 'zod';
import { mistakesOf } from '../../data/file-mistakes.ts';
import { printable } from '../../data/printable.ts';
import { draftedSpecSchema } from './prompt.ts';

export type DraftedSpec = Readonly<z.output<typeof draftedSpecSchema>>;

export type Drafted = {
  readonly spec: DraftedSpec;
  readonly findings: readonly PlanFinding[];
  /** Commands that the model proposed; they are told and never taken. */
  readonly checks: readonly string[];
};

export type PlanFinding = Readonly<z.output<typeof findingSchema>>;

const findingSchema = z.object({
  about: z.string().max(2000).default('the spec'),
  problem: z.string().min(1).max(2000),
});

const critiqueSchema = z.object({
  findings: z.array(findingSchema).max(50),
  spec: z.unknown(),
});

/** What a model wrote, understood; or what is wrong with it, in words that it may be told. */
export type Read = { readonly drafted: Drafted } | { readonly fault: string };

/** Reads a draft out of a model's text. */
export const readDraft = (text: string): Read => {
  const value = jsonIn(text);
  return value === undefined ? { fault: 'it contains no JSON object.' } : specOf(value, []);
};

/** Reads findings and the better spec out of a model's text. */
export const readCritique = (text: string): Read => {
  const value = jsonIn(text);
  if (value === undefined) return { fault: 'it contains no JSON object.' };
  const parsed = critiqueSchema.safeParse(value);
  if (!parsed.success) return { fault: faultText(parsed.error.issues, value, critiqueSchema) };
  return specOf(parsed.data.spec, parsed.data.findings);
};

const specOf = (value: unknown, findings: readonly PlanFinding[]): Read => {
  const { checks, $schema: _, ...rest } = Object(value) as Record<string, unknown>;
  // Small slips of models: an empty list or null where a key should be left out.
  const present = Object.fromEntries(
    Object.entries(rest).filter(([, part]) => part !== null && !isEmpty(part)),
  );
  const parsed = draftedSpecSchema.safeParse(present);
  if (!parsed.success) return { fault: faultText(parsed.error.issues, present, draftedSpecSchema) };
  const proposed = [checks].flat().filter((check) => typeof check === 'string' && check !== '');
  return { drafted: { spec: parsed.data, findings, checks: (proposed as string[]).slice(0, 20) } };
};

const isEmpty = (part: unknown): boolean => Array.isArray(part) && part.length === 0;

const faultText = (
  issues: readonly z.core.$ZodIssue[],
  value: unknown,
  schema: z.ZodType,
): string =>
  mistakesOf(issues, value, schema)
    .slice(0, 8)
    .map(({ path, message }) => `${path.map(String).join('.') || 'the whole'}: ${message}`)
    .join('; ');

/** The object that a text is, or that is in it between words or marks of code. */
const jsonIn = (text: string): unknown => {
  const fenced = text.split('```')[1]?.replace(/^json/, '');
  const between = text.slice(text.indexOf('{'), text.lastIndexOf('}') + 1);
  for (const candidate of [text, fenced, between]) {
    if (candidate === undefined) continue;
    try {
      const value: unknown = JSON.parse(candidate);
      if (value !== null && typeof value === 'object' && !Array.isArray(value)) return clean(value);
    } catch {}
  }
  return undefined;
};

/** Takes escape sequences, control characters and marks of direction out of every text and key. */
const clean = (value: unknown, depth = 0): unknown => {
  if (typeof value === 'string') return printable(value);
  if (value === null || typeof value !== 'object') return value;
  // Deeper than any spec: dropped rather than followed.
  if (depth > 20) return null;
  if (Array.isArray(value)) return value.map((item) => clean(item, depth + 1));
  return Object.fromEntries(
    Object.entries(value).map(([key, item]) => [printable(key), clean(item, depth + 1)]),
  );
};

/** The spec as the file a person would write, findings and refused commands as comments. */
export const renderDraft = ({ spec, findings, checks }: Drafted): string =>
  [
    ...findings.map(({ about, problem }) => comment(`${about}: ${problem}`)),
    stringify(spec, { lineWidth: 0 }).trimEnd(),
    ...(checks.length === 0
      ? []
      : [
          '# Commands the model proposed. They would run on this machine, in the sandbox; add what you want:',
          '# checks:',
          ...checks.map((check) => comment(`  - ${JSON.stringify(printable(check))}`)),
        ]),
    '',
  ].join('\n');

/** One line, for what is printable has no other. */
const comment = (text: string): string => `# ${text.trimEnd()}`;
