// SPDX-License-Identifier: GPL-3.0-only
import type { Finding } from '../../src/data/findings/finding.ts';
import {
  type FindingCode,
  findingCodes,
  findingOf,
  groupOf,
} from '../../src/data/findings/table.ts';

const intro = [
  '<!-- Written by bin/write-docs.ts from src/data/findings; do not edit. -->',
  '',
  '# Codes',
  '',
  'Every spec or unit that ends red or skipped has a code beside its reason: in `report.md`, in',
  '`summary.json` and what `--json` prints, in `journal.jsonl`, and in the comment below its issue.',
  'A code is stable, and is never used for anything else later. `pantheon explain CODE` prints its part of',
  'this page.',
  '',
].join('\n');

/** docs/findings.md: every code with its cause, its fix and where to look. */
export const findingsPage = (): string =>
  [
    intro,
    ...[...Map.groupBy(findingCodes, (code) => groupOf(code).name)].map(([, codes]) =>
      [`## ${groupOf(codes[0] as FindingCode).title}\n`, ...codes.map(entry)].join('\n'),
    ),
  ].join('\n');

const entry = (code: FindingCode): string => {
  const { title, cause, fix, look, transient } = findingOf(code) as Finding;
  return [
    `### \`${code}\``,
    '',
    `${title}. ${cause}`,
    '',
    `- Fix: ${asCode(fix)}`,
    `- Look: ${asCode(look ?? '')}`,
    ...(transient ? ['- The next night tries again although nothing has changed.'] : []),
    '',
  ].join('\n');
};

/** Commands are quoted in a terminal. */
const asCode = (text: string): string => text.replace(/"(pantheon [^"]+)"/g, '`$1`');
