// SPDX-License-Identifier: GPL-3.0-only
import { styleText } from 'node:util';
import type { Finding } from '../../data/findings/finding.ts';
import { type FindingCode, findingCodes, findingOf, groupOf } from '../../data/findings/table.ts';
import { nearestName } from '../../data/nearest.ts';
import { UserError } from '../../data/user-error.ts';
import { wrap } from '../shared/wrap.ts';

/** `pantheon explain [CODE]`: what a code means, or all of them, or those of a group. */
export const explainCommand = (name: string | undefined, { json }: { json?: true }): void => {
  const codes = name === undefined ? findingCodes : findingCodes.filter(isNamed(name));
  if (name !== undefined && codes.length === 0) throw unknownCode(name);
  const [only] = codes;
  const isOne = only !== undefined && only === name;
  const told = codes.map((code) => ({ code, ...(findingOf(code) as Finding) }));
  if (json) process.stdout.write(`${JSON.stringify(isOne ? told[0] : told, null, 2)}\n`);
  else process.stdout.write(`${(isOne ? pageOf(only) : listOf(codes)).join('\n')}\n`);
};

const isNamed =
  (name: string) =>
  (code: FindingCode): boolean =>
    code === name || groupOf(code).name === name;

/** An older version wrote what is behind the dot alone. */
const unknownCode = (name: string): UserError => {
  const [, tail = name] = /\.(.+)$/.exec(name) ?? [];
  const same = findingCodes.filter((code) => code.endsWith(`.${tail}`));
  const near = nearestName(name, findingCodes) ?? nearestTail(tail);
  const likely = [...new Set([...same, ...(near === undefined ? [] : [near])])];
  const hint = likely.length === 0 ? '' : ` (did you mean ${likely.join(' or ')}?)`;
  return new UserError(`there is no code "${name}"${hint}; "pantheon explain" lists them`);
};

const nearestTail = (tail: string): FindingCode | undefined => {
  const tails = new Map(findingCodes.map((code) => [code.slice(code.indexOf('.') + 1), code]));
  return tails.get(nearestName(tail, tails.keys()) ?? '');
};

const pageOf = (code: FindingCode): readonly string[] => {
  const { title, cause, fix, look = '', transient } = findingOf(code) as Finding;
  const width = process.stdout.columns;
  return [
    `${styleText('bold', code)}: ${title}`,
    '',
    ...wrap(`Cause: ${cause}`, width, 2),
    ...wrap(`Fix:   ${fix}`, width, 2),
    ...wrap(`Look:  ${look}`, width, 2),
    ...(transient
      ? ['', ...wrap('The next night tries again although nothing has changed.', width, 2)]
      : []),
  ];
};

const listOf = (codes: readonly FindingCode[]): readonly string[] =>
  [...Map.groupBy(codes, (code) => groupOf(code).title)].flatMap(([title, group], index) => [
    ...(index === 0 ? [] : ['']),
    `${title}:`,
    ...group.map((code) => `  ${code.padEnd(22)} ${findingOf(code)?.title}`),
  ]);
