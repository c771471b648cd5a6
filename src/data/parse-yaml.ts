// SPDX-License-Identifier: GPL-3.0-only
import {
  Composer,
  type CST,
  type Document,
  isAlias,
  isMap,
  isNode,
  isScalar,
  isSeq,
  Lexer,
  LineCounter,
  type Node,
  Parser,
  visit,
  type YAMLMap,
} from 'yaml';
import { type Place, UserError } from './user-error.ts';

/** Collections a document may nest; the YAML library composes them by recursion. */
export const maxYamlDepth = 100;

/** Aliases a document may use, and values they may unfold to. */
export const maxYamlAliases = 100;

/** A parsed YAML value and a way from a path inside it back to the place in the file. */
export type ParsedYaml = {
  readonly value: unknown;
  readonly placeOf: (path: readonly PropertyKey[]) => Place;
};

type Fault = { readonly offset: number; readonly message: string };

/**
 * Parses one YAML (and so JSON) document to plain values.
 * @throws UserError on broken YAML, an empty document, duplicate keys, unknown tags, deep nesting, or aliases that loop or unfold too far.
 */
export const parseYaml = ({
  name,
  text,
}: {
  readonly name: string;
  readonly text: string;
}): ParsedYaml => {
  const lines = new LineCounter();
  const at = (offset: number): Place => {
    const { line, col } = lines.linePos(offset);
    return line === 0 ? { file: name } : { file: name, line, column: col };
  };
  const refuse = ({ offset, message }: Fault, cause?: unknown): never => {
    throw new UserError(message, { place: at(offset), cause });
  };

  const document = compose(text, lines, refuse);
  const problem = document.errors[0] ?? document.warnings[0];
  if (problem) {
    refuse({ offset: problem.pos[0], message: explain(problem.code, problem.message) }, problem);
  }
  if (
    document.contents === null ||
    (isScalar(document.contents) && document.contents.source === '')
  ) {
    throw new UserError('is empty. Write its keys, or delete the file', { place: { file: name } });
  }
  const fault = aliasFault(document) ?? keyFault(document);
  if (fault) refuse(fault);
  const contents = document.contents;
  try {
    return {
      value: document.toJS({ maxAliasCount: maxYamlAliases }),
      placeOf: (path) => at(offsetOf(contents, path)),
    };
  } catch (cause) {
    // What is left that toJS can refuse: aliases of aliases that unfold beyond the limit.
    throw new UserError(
      `its YAML aliases unfold to more than ${maxYamlAliases} values. Write the values out`,
      { place: { file: name }, cause },
    );
  }
};

/** The first document; a second one and nesting beyond `maxYamlDepth` are refused on the way. */
const compose = (
  text: string,
  lines: LineCounter,
  refuse: (fault: Fault, cause?: unknown) => never,
): Document.Parsed => {
  lines.addNewLine(0);
  const parser = new Parser(lines.addNewLine);
  // The library's own check of unique keys takes quadratic time; `keyFault` does it in one pass.
  const composer = new Composer({ uniqueKeys: false, prettyErrors: false, logLevel: 'silent' });
  let document: Document.Parsed | undefined;
  for (const next of composer.compose(shallow(parser, text, refuse), true, text.length)) {
    if (document) {
      refuse({
        offset: next.range[0],
        message: 'contains a second YAML document. Keep one, without "---" between',
      });
    }
    document = next;
  }
  return document as Document.Parsed;
};

/** The parser's tokens, as long as they stay within `maxYamlDepth`. */
function* shallow(
  parser: Parser,
  text: string,
  refuse: (fault: Fault) => never,
): Generator<CST.Token, void> {
  for (const lexeme of new Lexer().lex(text)) {
    yield* parser.next(lexeme);
    if (depthOf(parser.stack) > maxYamlDepth) {
      refuse({
        offset: parser.offset,
        message: `nests more than ${maxYamlDepth} levels deep. Make it flatter`,
      });
    }
  }
  yield* parser.end();
}

/** Open collections, below the document and without a scalar on top. */
const depthOf = (stack: readonly CST.Token[]): number => {
  const top = stack.at(-1)?.type;
  const open = top === 'block-map' || top === 'block-seq' || top === 'flow-collection';
  return stack.length - (open ? 1 : 2);
};

const explain = (code: string, message: string): string => {
  if (code === 'TAB_AS_INDENT') return 'a tab indents this line. Use spaces';
  if (code === 'BLOCK_AS_IMPLICIT_KEY') {
    return 'a second ": " in the line makes a key of its text. Put the text in quotes, or correct the indentation';
  }
  if (code === 'BAD_SCALAR_START') {
    return 'text cannot begin with this character. Put the text in quotes';
  }
  if (message === 'Unexpected scalar at node end') {
    return 'more text follows a quoted one, or a "*" that YAML takes for its own. Put the whole text in quotes';
  }
  if (code === 'TAG_RESOLVE_FAILED') return `${message}. Leave it out, or put the text in quotes`;
  return `${message}. Correct the YAML`;
};

/** Too many aliases, one without an anchor, or one inside the value it stands for. */
const aliasFault = (document: Document.Parsed): Fault | undefined => {
  const anchors = new Map<string, Node>();
  let fault: Fault | undefined;
  let aliases = 0;
  visit(document, {
    Node: (_, node, path) => {
      const offset = node.range?.[0] ?? 0;
      if (!isAlias(node)) {
        if (node.anchor) anchors.set(node.anchor, node);
        return;
      }
      aliases += 1;
      const target = anchors.get(node.source);
      const message = !target
        ? `text that begins with "*" is an alias to YAML, and nothing has its name. Put it in quotes: ${JSON.stringify(`*${node.source}`)}`
        : path.includes(target)
          ? `alias *${node.source} is inside its own value. Write the value out`
          : aliases > maxYamlAliases
            ? `has more than ${maxYamlAliases} YAML aliases. Write the values out`
            : undefined;
      if (message === undefined) return;
      fault = { offset, message };
      return visit.BREAK;
    },
  });
  return fault;
};

/** Keys that are not plain text, are duplicates or would merge another map. */
const keyFault = (document: Document.Parsed): Fault | undefined => {
  let fault: Fault | undefined;
  visit(document, {
    Map: (_, map) => {
      fault = mapFault(map);
      return fault ? visit.BREAK : undefined;
    },
  });
  return fault;
};

const mapFault = (map: YAMLMap): Fault | undefined => {
  const seen = new Set<string>();
  for (const { key } of map.items) {
    const offset = (isNode(key) ? key.range?.[0] : undefined) ?? map.range?.[0] ?? 0;
    if (!isScalar(key) || key.value === null) {
      return { offset, message: 'a key must be plain text. Put quotes around it' };
    }
    const name = String(key.value);
    if (name === '<<' || typeof key.value === 'symbol') {
      return { offset, message: 'merge keys ("<<") are not supported. Write the keys out' };
    }
    if (name === '__proto__') {
      // Copied by assignment it would be lost, or become a prototype.
      return { offset, message: 'the key "__proto__" is not allowed. Give it another name' };
    }
    if (seen.has(name)) {
      return { offset, message: `the key ${JSON.stringify(name)} is a duplicate. Keep one` };
    }
    seen.add(name);
  }
  return undefined;
};

/** Offset of the key, or else the value, that a path leads to; of its nearest parent where it ends early. */
const offsetOf = (root: unknown, path: readonly PropertyKey[]): number => {
  let node = root;
  let offset = isNode(root) ? (root.range?.[0] ?? 0) : 0;
  for (const step of path) {
    if (isMap(node)) {
      const pair = node.items.find(
        ({ key }) => isScalar(key) && String(key.value) === String(step),
      );
      if (!pair) break;
      if (isScalar(pair.key)) offset = pair.key.range?.[0] ?? offset;
      node = pair.value;
    } else if (isSeq(node)) {
      node = node.items[Number(step)];
      if (isNode(node)) offset = node.range?.[0] ?? offset;
    } else break;
  }
  return offset;
};
