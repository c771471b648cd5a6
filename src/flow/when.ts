// SPDX-License-Identifier: GPL-3.0-only

/** `<node>.<field> == <literal>`; the field is a path into the node's output. */
export type When = {
  readonly node: string;
  readonly field: readonly [string, ...string[]];
  readonly literal: string | number | boolean | null;
};

const form = 'Write `<node>.<field> == <literal>`, for example `test.status == "ok"`';

/**
 * Parses a condition. Node ids may hold dots, so the longest known one that fits wins.
 * @throws SyntaxError that says what is wrong and what to write.
 */
export const parseWhen = (text: string, nodeIds: Iterable<string>): When => {
  const [, reference, raw] = /^\s*(\S+?)\s*==\s*(\S.*?)\s*$/s.exec(text) ?? [];
  if (reference === undefined || raw === undefined) throw new SyntaxError(form);
  const node = [...nodeIds]
    .filter((id) => reference.startsWith(`${id}.`))
    .reduce<string | undefined>(
      (best, id) => (best === undefined || id.length > best.length ? id : best),
      undefined,
    );
  if (node === undefined) {
    throw new SyntaxError(`"${reference}" does not begin with the id of a node and a dot. ${form}`);
  }
  const [first, ...rest] = reference.slice(node.length + 1).split('.');
  if (!first || rest.includes('')) throw new SyntaxError(`"${reference}" names no field. ${form}`);
  return { node, field: [first, ...rest], literal: parseLiteral(raw) };
};

/** A JSON scalar, a text in single quotes, or a bare word. */
const parseLiteral = (raw: string): When['literal'] => {
  const quoted = /^'([^'\\]*)'$/.exec(raw);
  if (quoted) return quoted[1] ?? '';
  if (/^[A-Za-z][\w.-]*$/.test(raw) && !['true', 'false', 'null'].includes(raw)) return raw;
  try {
    const value: unknown = JSON.parse(raw);
    if (value === null || ['string', 'number', 'boolean'].includes(typeof value)) {
      return value as When['literal'];
    }
  } catch {
    // Not a literal either way, as the error below says.
  }
  throw new SyntaxError(
    `${raw} is not a literal. Use a number, true, false, null or a quoted text`,
  );
};

/** Whether the node's output holds the literal there; an output or field that is missing never does. */
export const evaluateWhen = (
  when: When,
  outputs: { readonly [node: string]: unknown },
): boolean => {
  const actual = [when.node, ...when.field].reduce<unknown>(
    (value, key) =>
      value !== null && typeof value === 'object' && Object.hasOwn(value, key)
        ? Reflect.get(value, key)
        : undefined,
    outputs,
  );
  return actual === when.literal;
};
