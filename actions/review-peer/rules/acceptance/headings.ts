// SPDX-License-Identifier: GPL-3.0-only

const emoji = /\p{Extended_Pictographic}|\p{Emoji_Modifier}|[\u{1F1E6}-\u{1F1FF}]|\uFE0F|\u20E3/u;

/** Lines of a note that are prose: code fences and comments are blanked out, so numbers stay. */
const proseLines = (body: string): readonly string[] => {
  let fence = '';
  const shown = body.replace(/<!--[\s\S]*?-->/g, (comment) => comment.replace(/[^\n]/g, ' '));
  return shown.split(/\r?\n/).map((line) => {
    const mark = /^ {0,3}(`{3,}|~{3,})(.*)$/.exec(line);
    if (fence !== '') {
      if (mark?.[1]?.startsWith(fence) && mark[2]?.trim() === '') fence = '';
      return '';
    }
    if (mark?.[1] && !(mark[1].startsWith('`') && mark[2]?.includes('`'))) {
      fence = mark[1];
      return '';
    }
    return line;
  });
};

/** The texts of a note's headings as written, first to last: `# A` and lines underlined with `=` or `-`. */
export const headingsOf = (body: string): readonly string[] => {
  const lines = proseLines(body);
  return lines.flatMap((line, index) => {
    const atx = /^ {0,3}#{1,6}(?:[ \t]+(.*?))?(?:[ \t]+#+)?[ \t]*$/.exec(line);
    if (atx) return atx[1]?.trim() ? [atx[1].trim()] : [];
    const text = line.trim();
    const under = lines[index + 1] ?? '';
    if (text === '' || /^(?: {4}|\t|[ \t]*(?:[-*+>|]|\d+[.)])[ \t])/.test(line)) return [];
    return /^ {0,3}(?:=+|-{2,})[ \t]*$/.test(under) && !/^[-=*_ \t]+$/.test(line) ? [text] : [];
  });
};

/** Letters and digits of a heading in the readings its markup allows. */
export const readingsOf = (heading: string): readonly string[] => {
  const plain = heading
    .replace(/\\([\\`*_{}[\]()#+\-.!~<>|])/g, '$1')
    .replace(/<[^>]+>/g, '')
    .replace(/\s*\{[#.:][^}]*\}\s*$/, '');
  const unlinked = (image: string): string =>
    plain
      .replace(/!\[([^\]]*)\](?:\([^)]*\)|\[[^\]]*\])/g, image)
      .replace(/\[\[(?:[^\]|]*\|)?([^\]]*)\]\]/g, '$1')
      .replace(/\[([^\]]*)\](?:\([^)]*\)|\[[^\]]*\])/g, '$1');
  const texts = [unlinked('$1'), unlinked('')];
  const shortcodes = texts.map((text) => text.replace(/:[a-z0-9_+-]+:/g, ''));
  const entities = texts.map((text) => text.replace(/&(?:#\w+|\w+);/g, ''));
  const tags = texts.map((text) => text.replace(/(?:^|\s)#[\p{L}\p{N}_/-]+/gu, ' '));
  return [...texts, ...shortcodes, ...entities, ...tags, heading].map(lettersOf);
};

/** What is left of a text without marks, blanks and pictures: two that read alike are equal. */
export const lettersOf = (text: string): string =>
  text.normalize('NFC').replace(/[^\p{L}\p{N}\p{M}]|[\uFE00-\uFE0F\u20E3]/gu, '');

/** Digits and signs that Unicode counts among emoji do not count here. */
export const hasEmoji = (text: string): boolean => {
  return emoji.test(text.replace(/[\d#*©®™‼⁉ℹ↔-↙↩↪⤴⤵⬅-⬇〰〽㊗㊙Ⓜ]/gu, ''));
};

/**
 * The hashtags of a note: `certain` by anyone's reading, `possible` by somebody's (inside code,
 * beside punctuation, like a colour). Without `#`, in lower case.
 */
export const hashtagsOf = (
  body: string,
): { readonly certain: ReadonlySet<string>; readonly possible: ReadonlySet<string> } => {
  const possible = new Set(
    [...body.matchAll(/#([\p{L}\p{N}\p{M}_/-]+)/gu)].flatMap(([, tag = '']) => [
      tag.toLowerCase(),
      tag.toLowerCase().replace(/[-/]+$/, ''),
    ]),
  );
  const certain = new Set<string>();
  for (const line of proseLines(body)) {
    if (/^(?: {4}|\t)/.test(line)) continue;
    const prose = line.replace(/(?<!`)`[^`]+`(?!`)/g, ' code ');
    if (/^[ \t]*[|<[]|`|\]\(|https?:|\[\[|\$|\{[:#%{]/.test(prose)) continue;
    for (const [, tag = ''] of prose.matchAll(
      /(?<=^|[ \t])#([\p{L}][\p{L}\p{N}_-]*[\p{L}\p{N}])(?=$|[ \t]|[.,;!?](?:$|[ \t]))/gu,
    )) {
      if (!/^[0-9a-f]{3,8}$/i.test(tag)) certain.add(tag.toLowerCase());
    }
  }
  return { certain, possible };
};
