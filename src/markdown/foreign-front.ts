// SPDX-License-Identifier: GPL-3.0-only

const toml = /^\+\+\+[ \t]*(?:\r\n|\n|\r)(?:[\s\S]*?(?:\r\n|\n|\r))?\+\+\+[ \t]*(?:[\r\n]|$)/;
const jsonStart = /^\{\s*"(?:[^"\\\r\n]|\\.)*"\s*:/;

/**
 * The language of frontmatter that is not YAML, as Hugo tells it by its first line: `+++` up to
 * `+++` for TOML, an object with keys for JSON (https://gohugo.io/content-management/front-matter/).
 */
export const foreignFront = (text: string): 'TOML' | 'JSON' | undefined => {
  const rest = text.replace(/^\uFEFF/, '').replace(/^\s+/, '');
  if (toml.test(rest)) return 'TOML';
  return jsonStart.test(rest) ? 'JSON' : undefined;
};
