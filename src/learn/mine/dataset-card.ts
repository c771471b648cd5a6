// SPDX-License-Identifier: GPL-3.0-only
import { codeSpan } from '../../markdown/inline.ts';
import { leftOutReasons } from './left-out.ts';
import type { Mined } from './mine.ts';
import { type RowKind, rowKinds } from './row-files.ts';
import type { Split } from './split.ts';

export type CardFacts = {
  /** SPDX id in lower case, as the Hub writes it, or `other`. */
  readonly licence: string;
  /** The command that builds it again. */
  readonly command: string;
  /** The first night and the last. */
  readonly nights: readonly [first: string, last: string];
};

const columns: Readonly<Record<RowKind, string>> = {
  messages:
    'whole conversations in which every step went well: `messages`, `tools`, `reward`, `stop_condition`, `error`, `truncated`',
  masked: 'the same, with failed steps as context; only messages with `train: true` may be learned',
  steps:
    'one good answer each, as an engine was asked and answered: `prompt`, `completion`, `chat_template_kwargs`',
  'tool-use': 'one good call each: `task`, `prompt`, `tool_name`, `args`',
  generation: 'the end of each run: `task`, `prompt`, `output`',
  decisions:
    'one decision each, as an engine is asked in the dialect `decision`, with the picks that write what a green unit wrote: `prompt`, `completion`, `chat_template_kwargs`',
  reviews: 'patches that reviewers judged: `prompt`, `label`, `verdict`, `right`',
};

/** The card of a dataset as Markdown; its head says which files are which split, as `datasets` reads it. */
export const datasetCard = (mined: Mined, { licence, command, nights }: CardFacts): string => {
  const { files, audit, leftOut, groups, bundles } = mined;
  const kinds = rowKinds.filter((kind) => files.some((file) => file.kind === kind));
  const splits = ['train', 'held-out'] as const;
  const empty = splits.filter((split) => groups[split] === 0);
  return [
    '---',
    `license: ${licence}`,
    'configs:',
    ...kinds.flatMap((kind) => [
      `- config_name: ${kind}`,
      '  data_files:',
      ...files
        .filter((file) => file.kind === kind)
        .flatMap(({ split, name }) => [`  - split: ${hubSplit[split]}`, `    path: ${name}`]),
    ]),
    '---',
    '',
    '# What nights did well',
    '',
    `Rows from ${bundles.count} steps of ${mined.nights} nights of Pantheon, ${codeSpan(nights[0])} to ${codeSpan(nights[1])}: units whose tests`,
    'passed and whose patch two reviewers approved, less those that a person rejected; and reviews that an exam or a',
    'person has labelled. Every row is in the order of its stage, easy ones first.',
    '',
    ...table(
      ['file', 'rows', 'bytes', 'sha256'],
      files.map(({ name, rows, bytes, sha256 }) => [name, `${rows}`, `${bytes}`, sha256]),
    ),
    '',
    ...kinds.map((kind) => `- ${codeSpan(kind)}: ${columns[kind]}`),
    '',
    '## Split',
    '',
    `A spec and all files that it changes are one group, and so is what shares a file. ${groups.train} groups are for training and`,
    `${groups['held-out']} are held out, by a hash of the group's first name.`,
    ...empty.map(
      (split) => `No group is on the side ${codeSpan(split)}: there are few, or they share files.`,
    ),
    '',
    '## Mask audit',
    '',
    ...table(
      [
        'split',
        'conversations',
        'steps trained',
        'masked',
        'characters trained',
        'masked',
        'context',
        'cut',
        'longest',
        'in tokens',
      ],
      splits.map((split) => {
        const { conversations, steps, characters, longest } = audit[split];
        return [
          split,
          ...[conversations, steps.trained, steps.masked, characters.trained, characters.masked],
          ...[
            characters.context,
            characters.cut,
            longest.characters,
            longest.tokens ?? 'not counted',
          ],
        ].map(String);
      }),
    ),
    '',
    'A trainer that cuts rows at a number of tokens drops their ends: set its limit above the longest.',
    '',
    '## Left out',
    '',
    ...table(
      ['bundles', 'because'],
      Object.entries(leftOutReasons).map(([reason, words]) => [
        `${leftOut[reason as keyof typeof leftOut]}`,
        words,
      ]),
    ),
    '',
    '## Licence',
    '',
    'Rows quote files, specs and tests of the repository that the nights worked: its licence holds for them.',
    '',
    '## Build it again',
    '',
    '```sh',
    command,
    '```',
    '',
    'The same bundles and decisions give the same bytes. The sha256 over the sorted identities of the bundles is',
    `${codeSpan(bundles.sha256)}.`,
    '',
  ].join('\n');
};

const hubSplit: Readonly<Record<Split, string>> = { train: 'train', 'held-out': 'test' };

const table = (head: readonly string[], rows: readonly (readonly string[])[]): readonly string[] =>
  [head, head.map(() => '---'), ...rows].map((cells) => `| ${cells.join(' | ')} |`);
