// SPDX-License-Identifier: GPL-3.0-only

/** Ways to spoil one line of a block, by name; `undefined` where the line has nothing of the kind. */
const spoils: Readonly<Record<string, (line: string) => readonly string[] | undefined>> = {
  gone: () => [],
  twice: (line) => [line, line],
  'with a comment': (line) => (line === '' ? undefined : [`${line} # more`]),
  'with a blank at its end': (line) => [`${line} `],
  'with another line end': (line) => [`${line}\r`],
  'below an empty line': (line) => ['', line],
  'below a comment': (line) => ['# more', line],
  'with an anchor': (line) => (/: \S/.test(line) ? [line.replace(': ', ': &a ')] : undefined),
  'with a tag': (line) => (/: \S/.test(line) ? [line.replace(': ', ': !x ')] : undefined),
  indented: (line) => (line === '' ? undefined : [` ${line}`]),
  'with more blanks': (line) => (/: \S/.test(line) ? [line.replace(': ', ':  ')] : undefined),
};

/** Every line of a block spoiled in every way, by line and way. */
export const spoiledLines = (
  lines: readonly string[],
): readonly (readonly [title: string, lines: readonly string[]])[] =>
  lines.flatMap((line, index) =>
    Object.entries(spoils).flatMap(([way, spoil]) => {
      const others = spoil(line);
      const all = others && [...lines.slice(0, index), ...others, ...lines.slice(index + 1)];
      return all ? [[`line ${index + 1} ${way}`, all] as const] : [];
    }),
  );
