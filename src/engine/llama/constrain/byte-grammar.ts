// SPDX-License-Identifier: GPL-3.0-only
import type { Expression, GrammarLeaf, GrammarRule } from '../../grammar/expression.ts';
import { oneOfTexts } from './one-of-texts.ts';
import { asciiSet, jsonNumber, literalBytes, nextId, type Terminal } from './terminals.ts';
import { stringText } from './text-terminal.ts';

/** A grammar to be read byte by byte: its expressions with terminals in the place of characters. */
export type ByteGrammar =
  | { readonly kind: 'terminal'; readonly id: number; readonly terminal: Terminal }
  | { readonly kind: 'sequence'; readonly id: number; readonly parts: readonly ByteGrammar[] }
  | { readonly kind: 'choice'; readonly id: number; readonly options: readonly ByteGrammar[] }
  | {
      readonly kind: 'repeat';
      readonly id: number;
      readonly part: ByteGrammar;
      readonly min: number;
      readonly max: number;
    }
  /** May hold itself. */
  | { readonly kind: 'rule'; readonly id: number; readonly of: () => ByteGrammar };

/** The same grammar over UTF-8. */
export const byteGrammar = (root: Expression): ByteGrammar => {
  const built = new Map<GrammarRule, ByteGrammar>();
  const build = (expression: Expression): ByteGrammar => {
    const id = nextId();
    switch (expression.kind) {
      case 'text':
        return terminal(literalBytes(encoder.encode(expression.text)));
      case 'set':
        return terminal(asciiSet(expression.ranges));
      case 'sequence':
        return { kind: 'sequence', id, parts: expression.parts.map(build) };
      case 'choice':
        return { kind: 'choice', id, options: expression.options.map(build) };
      case 'repeat':
        return { ...expression, id, part: build(expression.part) };
      case 'rule':
        return ruleOf(expression, id);
    }
  };
  const ruleOf = (source: GrammarRule, id: number): ByteGrammar => {
    if (source.leaf) return leafOf(source.leaf);
    const before = built.get(source);
    if (before) return before;
    let body: ByteGrammar | undefined;
    const of = (): ByteGrammar => {
      body ??= build(source.of());
      return body;
    };
    const made: ByteGrammar = { kind: 'rule', id, of };
    built.set(source, made);
    return made;
  };
  return build(root);
};

const encoder = new TextEncoder();

const terminal = (reader: Terminal): ByteGrammar => ({
  kind: 'terminal',
  id: nextId(),
  terminal: reader,
});

const leafOf = (leaf: GrammarLeaf): ByteGrammar => {
  if (leaf.kind === 'number') return terminal(jsonNumber());
  if (leaf.kind === 'texts') {
    return terminal(oneOfTexts(leaf.texts.map((each) => encoder.encode(each))));
  }
  const quote = terminal(literalBytes(encoder.encode('"')));
  return {
    kind: 'sequence',
    id: nextId(),
    parts: [quote, terminal(stringText(leaf.min, leaf.max)), quote],
  };
};
