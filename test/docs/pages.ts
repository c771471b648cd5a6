// SPDX-License-Identifier: GPL-3.0-only
import { readdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';

export const root = fileURLToPath(new URL('../..', import.meta.url));

export type Fence = { readonly language: string; readonly text: string };
export type Page = {
  /** From the top of the repository. */
  readonly path: string;
  readonly text: string;
  readonly fences: readonly Fence[];
  /** Code spans outside fences. */
  readonly spans: readonly string[];
  readonly links: readonly string[];
  /** The text without fences and code spans. */
  readonly prose: string;
};

/** Every page that a person reads first or is led to from there. */
export const pages = (): readonly Page[] => {
  const docs = readdirSync(join(root, 'docs'), { recursive: true, encoding: 'utf8' })
    .filter((name) => name.endsWith('.md') && !name.startsWith('examples/'))
    .map((name) => `docs/${name}`);
  const top = ['README.md', 'CONTRIBUTING.md', 'CHANGELOG.md', 'SECURITY.md'];
  const others = ['examples/README.md', 'specs/README.md', 'traces/README.md'];
  return [...top, ...others, ...docs.sort()].map(readPage);
};

export const readPage = (path: string): Page => {
  const text = readFileSync(join(root, path), 'utf8');
  const fences: Fence[] = [];
  const prose = text.replace(
    /^(`{3,})(\w*)\n([\s\S]*?)\n\1$/gm,
    (_, _marks: string, language: string, body: string) => {
      fences.push({ language, text: body });
      return '';
    },
  );
  const spans: string[] = [];
  const plain = prose.replace(/(`+)([^`]|[^`][\s\S]*?[^`])\1(?!`)/g, (_, _marks, code: string) => {
    spans.push(code.replaceAll('\n', ' ').trim());
    return '';
  });
  const links = [...plain.matchAll(/\]\(([^)\s]+)\)/g)].map(([, target]) => target ?? '');
  return { path, text, fences, spans, links, prose: plain };
};
