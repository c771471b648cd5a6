// SPDX-License-Identifier: GPL-3.0-only

const sources = /\.[cm]?[jt]sx?$/u;
const declarations = /\.d\.[cm]?ts$/u;
const components = /\.(?:vue|svelte|astro|mdx|html?)$/u;

/** By its ending: TypeScript or JavaScript. */
export const isSource = (path: string): boolean => sources.test(path);

/** By its ending: declarations without code. */
export const isDeclaration = (path: string): boolean => declarations.test(path);

/** By its ending: markup with scripts in it that can import. */
export const isComponent = (path: string): boolean => components.test(path);

/**
 * What the compiler can read of a file: a source as it is; of a component file its scripts alone,
 * every other character blank, so that places stay where they are.
 */
export const scriptOf = (
  path: string,
  text: string,
): { readonly name: string; readonly text: string } => {
  if (!isComponent(path)) return { name: path, text };
  const parts = path.endsWith('.mdx') ? mdxParts(text) : markupParts(path, text);
  let script = '';
  for (const [start, end] of parts)
    script += blank(text.slice(script.length, start)) + text.slice(start, end);
  return { name: `${path}.tsx`, text: script + blank(text.slice(script.length)) };
};

type Part = readonly [start: number, end: number];

const markupParts = (path: string, text: string): readonly Part[] => {
  const front = path.endsWith('.astro') ? /^\s*---\r?\n([\s\S]*?)^---/mu.exec(text) : null;
  const parts: Part[] = front ? [partOf(front)] : [];
  for (const script of text.matchAll(/<script\b[^>]*>([\s\S]*?)<\/script\b/giu)) {
    if (script.index >= (parts[0]?.[1] ?? 0)) parts.push(partOf(script));
  }
  return parts;
};

const partOf = (match: RegExpExecArray): Part => {
  const [whole, body = ''] = match;
  const start = match.index + whole.lastIndexOf(body);
  return [start, start + body.length];
};

/** Blocks that begin with `import` or `export`, up to an empty line, outside of fences. */
const mdxParts = (text: string): readonly Part[] =>
  [
    ...text.matchAll(
      /^(?:```|~~~)[\s\S]*?^(?:```|~~~)|^(?:import|export)\b[\s\S]*?(?=^\s*$|(?![\s\S]))/gmu,
    ),
  ]
    .filter(([block]) => /^(?:import|export)/u.test(block))
    .map(({ 0: block, index }) => [index, index + block.length]);

const blank = (text: string): string => text.replace(/[^\r\n]/gu, (one) => ' '.repeat(one.length));
