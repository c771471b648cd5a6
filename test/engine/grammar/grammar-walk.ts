// SPDX-License-Identifier: GPL-3.0-only
import type { Expression } from '../../../src/engine/grammar/expression.ts';
import type { Grammar } from '../../../src/engine/grammar/named-rules.ts';

/** Whether a text is one of the grammar's, worked out without any engine. */
export const accepts = (grammar: Grammar, text: string): boolean => {
  const points = [...text];
  const visited = new Map<string, ReadonlySet<number>>();
  const rule = (name: string, at: number): ReadonlySet<number> => {
    const key = `${name} ${at}`;
    const before = visited.get(key);
    if (before) return before;
    const body = grammar.get(name);
    if (!body) throw new Error(`no rule ${name}`);
    visited.set(key, new Set());
    const ends = walk(body, at);
    visited.set(key, ends);
    return ends;
  };
  const walk = (expression: Expression, at: number): ReadonlySet<number> => {
    switch (expression.kind) {
      case 'text': {
        const wanted = [...expression.text];
        return new Set(
          wanted.every((character, index) => points[at + index] === character)
            ? [at + wanted.length]
            : [],
        );
      }
      case 'set': {
        const point = points[at]?.codePointAt(0) ?? -1;
        return new Set(
          expression.ranges.some(([from, to]) => from <= point && point <= to) ? [at + 1] : [],
        );
      }
      case 'rule':
        return rule(expression.name ?? '', at);
      case 'choice':
        return new Set(expression.options.flatMap((option) => [...walk(option, at)]));
      case 'sequence': {
        let ends: ReadonlySet<number> = new Set([at]);
        for (const part of expression.parts) {
          ends = new Set([...ends].flatMap((end) => [...walk(part, end)]));
        }
        return ends;
      }
      case 'repeat': {
        const found = new Set<number>(expression.min === 0 ? [at] : []);
        let ends: ReadonlySet<number> = new Set([at]);
        for (let count = 1; count <= expression.max && ends.size > 0; count += 1) {
          ends = new Set([...ends].flatMap((end) => [...walk(expression.part, end)]));
          if (count >= expression.min) {
            const before = found.size;
            for (const end of ends) found.add(end);
            if (found.size === before) break;
          }
        }
        return found;
      }
    }
  };
  return rule('root', 0).has(points.length);
};

/** One of the grammar's texts; `random` gives numbers from 0 to 1, `depth` bounds recursion. */
export const writeText = (grammar: Grammar, random: () => number): string => {
  const pick = (count: number): number => Math.min(count - 1, Math.floor(random() * count));
  let steps = 0;
  const write = (expression: Expression): string => {
    steps += 1;
    const tired = steps > 2000;
    switch (expression.kind) {
      case 'text':
        return expression.text;
      case 'set': {
        const range = expression.ranges[pick(expression.ranges.length)] ?? [0x61, 0x61];
        const point =
          range[0] + pick(Math.min(range[1] - range[0] + 1, random() < 0.9 ? 96 : 70000));
        return String.fromCodePoint(point >= 0xd800 && point <= 0xdfff ? 0x61 : point);
      }
      case 'rule': {
        const body = grammar.get(expression.name ?? '');
        if (!body) throw new Error(`no rule ${expression.name}`);
        return write(body);
      }
      case 'choice':
        return write(
          optionOf(expression.options, tired ? undefined : pick(expression.options.length)),
        );
      case 'sequence':
        return expression.parts.map(write).join('');
      case 'repeat': {
        const most = Math.min(expression.max, expression.min + (tired ? 0 : 3));
        const count = expression.min + pick(most - expression.min + 1);
        return Array.from({ length: count }, () => write(expression.part)).join('');
      }
    }
  };
  const root = grammar.get('root');
  return root ? write(root) : '';
};

/** Without an index what ends soonest: a text before anything that refers to rules. */
const optionOf = (options: readonly Expression[], index: number | undefined): Expression => {
  const plain = options.find((option) => option.kind === 'text') ?? options[0];
  const chosen = index === undefined ? plain : options[index];
  if (!chosen) throw new Error('an empty choice');
  return chosen;
};
