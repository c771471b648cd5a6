// SPDX-License-Identifier: GPL-3.0-only
import type { Mistake } from '../../data/file-mistakes.ts';
import { type FormField, formFields, noResponse } from './form.ts';

export type ParsedForm =
  | { readonly texts: ReadonlyMap<string, string> }
  | { readonly mistakes: readonly Mistake[] };

/**
 * Parts the text of an issue by the headings of its form. GitHub writes every heading once and in
 * order, and escapes nothing that people write below them: where one occurs twice nobody can tell
 * which is the form's, so the text is refused and not guessed at. Any other heading is text.
 */
export const parseForm = (body: string): ParsedForm => {
  const lines = body.replaceAll('\r\n', '\n').replaceAll('\r', '\n').split('\n');
  const headings = formFields.map((field) => ({ field, at: placesOf(lines, field) }));
  if (headings.every(({ at }) => at.length === 0)) {
    const message =
      'this was not written with the form "Spec for the night"; open a new issue with it';
    return { mistakes: [{ path: [], message }] };
  }
  const faults = headings.flatMap(({ field, at }) => countFault(field, at.length));
  if (faults.length > 0) return { mistakes: faults };
  const starts = headings.map(({ at }) => at[0] ?? 0);
  if (starts.some((start, index) => index > 0 && start < (starts[index - 1] ?? 0))) {
    return { mistakes: [{ path: [], message: "the form's headings are out of order" }] };
  }
  if (lines.slice(0, starts[0]).some((line) => line.trim() !== '')) {
    return {
      mistakes: [
        { path: [], message: 'there is text before the first heading of the form; remove it' },
      ],
    };
  }
  const texts = headings.flatMap(({ field }, index): readonly (readonly [string, string])[] => {
    const text = fieldText(lines.slice((starts[index] ?? 0) + 1, starts[index + 1]));
    return text === '' ? [] : [[field.key, text]];
  });
  return { texts: new Map(texts) };
};

const placesOf = (lines: readonly string[], { label }: FormField): readonly number[] =>
  lines.flatMap((line, index) => (isHeading(line, label) ? [index] : []));

/** As Markdown reads it, whatever its case and blanks: what looks like the form's counts as such. */
const isHeading = (line: string, label: string): boolean => {
  const match = /^ {0,3}#{3}[ \t]+(.*?)[ \t]*#*[ \t]*$/.exec(line);
  return match?.[1]?.toLowerCase() === label.toLowerCase();
};

const countFault = ({ label }: FormField, times: number): readonly Mistake[] => {
  if (times === 1) return [];
  const message =
    times === 0
      ? `the heading "### ${label}" of the form is missing; put it back`
      : `the heading "### ${label}" occurs ${times} times; no text may contain a heading of the form`;
  return [{ path: [label], message }];
};

/** Without blank lines around it, and without a code fence around all of it. */
const fieldText = (lines: readonly string[]): string => {
  const text = trimLines(lines.join('\n'));
  if (text === noResponse) return '';
  const fence = /^(`{3,}|~{3,})[^\n`]*\n([\s\S]*?)\n?\1$/.exec(text);
  return fence ? trimLines(fence[2] ?? '') : text;
};

const trimLines = (text: string): string => text.replace(/^(?:[ \t]*\n)+/, '').trimEnd();
