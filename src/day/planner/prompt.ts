// SPDX-License-Identifier: GPL-3.0-only
import { z } from 'zod';
import { escapeControls } from '../../engine/contract/control-tokens.ts';
import { specFields } from '../../spec/schema.ts';
import type { ChatMessage } from './chat.ts';

/** What is told of a repository: names alone, never what a file holds. */
export type RepositoryView = {
  readonly paths: readonly string[];
  readonly flows: readonly string[];
  readonly specs: readonly string[];
};

/** Names of files that are sent at most. */
const maxPaths = 400;
const maxPathLength = 200;

/** Keys a planner may write. Commands that run are a person's to add. */
export const draftedSpecSchema = specFields
  .omit({ $schema: true, checks: true, do: true })
  .required({ acceptance: true });

const schemaText = (): string => {
  const { $schema: _, ...schema } = z.toJSONSchema(draftedSpecSchema, { io: 'input' });
  return JSON.stringify(schema);
};

const craft = [
  'A spec is one narrow chore for small local models that work at night without a person: a change',
  'to few files that somebody else can check afterwards. Two reviewers hold the patch to the',
  'acceptance sentences, word by word, and see only what they name.',
  'Scope: the fewest paths or globs that the change needs; everything outside is refused.',
  'Acceptance: sentences in English, each of which names a file, a name or a value to look at, each',
  'about one thing. Sentences that are understood best: "All *.md under docs/ have a GPL header";',
  '"`toSlug` is exported from `src/index.ts`"; "There is a test for `toSlug` in `test/a.test.ts`";',
  '"`toSlug` has a doc comment"; "Rename `oldName` to `newName`"; "Every note has a title and tags";',
  '"The body of every note is unchanged"; "Every link resolves"; "All tests pass"; "Nothing else changes".',
  'Several chores are several specs: take the first and leave the others out. Invent no files.',
].join('\n');

const draftSystem = (): string =>
  [
    'You write specs.',
    craft,
    'Answer with one JSON object that follows this JSON Schema, and nothing else:',
    schemaText(),
  ].join('\n');

const critiqueSystem = (): string =>
  [
    'You criticise specs before they are worked: what two reviewers could read differently, what nobody',
    'could check, what is too much at once, what the scope lacks or allows needlessly.',
    craft,
    'Answer with one JSON object and nothing else: {"findings": [{"about": "<the part>", "problem":',
    '"<one sentence>"}], "spec": <the better spec, following this JSON Schema>}:',
    schemaText(),
  ].join('\n');

/** What is sent for a draft, whole. */
export const draftMessages = (
  wish: string,
  view: RepositoryView | undefined,
): readonly ChatMessage[] => [
  { role: 'system', content: draftSystem() },
  { role: 'user', content: userText(`What is wanted:\n${wish}`, view) },
];

/** What is sent for a critique, whole. */
export const critiqueMessages = (
  text: string,
  view: RepositoryView | undefined,
): readonly ChatMessage[] => [
  { role: 'system', content: critiqueSystem() },
  { role: 'user', content: userText(`The spec:\n${text}`, view) },
];

/** Asks once more, after an answer that was none. */
export const againMessages = (
  messages: readonly ChatMessage[],
  answer: string,
  fault: string,
): readonly ChatMessage[] => [
  ...messages,
  { role: 'assistant', content: escapeControls(answer.slice(0, 20_000)) },
  {
    role: 'user',
    content: `This cannot be used: ${escapeControls(fault)}\nAnswer with the whole JSON object again.`,
  },
];

/** A spec may be an issue that a stranger wrote: nothing in it may end its own turn. */
const userText = (text: string, view: RepositoryView | undefined): string =>
  escapeControls([text, ...viewText(view)].join('\n\n'));

const viewText = (view: RepositoryView | undefined): readonly string[] => {
  if (!view) return [];
  const { paths, flows, specs } = view;
  const usable = paths.filter((path) => path.length <= maxPathLength);
  const more = paths.length > maxPaths ? `\n(${paths.length - maxPaths} more)` : '';
  return [
    `Flows there are: ${flows.join(', ')}`,
    ...(specs.length > 0 ? [`Ids that are taken: ${specs.slice(0, maxPaths).join(', ')}`] : []),
    `Files of the repository, names only:\n${usable.slice(0, maxPaths).join('\n')}${more}`,
  ];
};
