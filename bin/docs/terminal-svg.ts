// SPDX-License-Identifier: GPL-3.0-only

type Style = { readonly bold: boolean; readonly dim: boolean; readonly colour: string };
type Span = { readonly text: string; readonly style: Style };

const ink = '#d7dae0';
const plain: Style = { bold: false, dim: false, colour: ink };
const colours: Readonly<Record<number, string>> = {
  31: '#f07178',
  32: '#9ece6a',
  33: '#e0af68',
  36: '#7dcfff',
  39: ink,
};
const cell = { width: 8.43, height: 19 };
const margin = 18;
const bar = 30;

/** Terminal output, colours included, as a picture: lines are broken at `columns` as a terminal would. */
export const terminalSvg = (output: string, title: string, columns = 110): string => {
  const lines = output
    .replace(/\n$/, '')
    .split('\n')
    .flatMap((line) => wrap(spansOf(line), columns));
  const width = Math.round(columns * cell.width + 2 * margin);
  const height = bar + lines.length * cell.height + margin;
  return [
    `<svg xmlns="http://www.w3.org/2000/svg" width="${width}" height="${height}" viewBox="0 0 ${width} ${height}" role="img" aria-label="${escaped(title)}">`,
    `<title>${escaped(title)}</title>`,
    `<rect width="${width}" height="${height}" rx="8" fill="#1a1b26"/>`,
    ...['#f07178', '#e0af68', '#9ece6a'].map(
      (fill, index) => `<circle cx="${20 + index * 18}" cy="16" r="5" fill="${fill}"/>`,
    ),
    `<g font-family="ui-monospace, SFMono-Regular, Menlo, Consolas, 'DejaVu Sans Mono', 'Liberation Mono', monospace" font-size="14" xml:space="preserve">`,
    ...lines.map((line, index) => drawLine(line, bar + (index + 1) * cell.height - 5)),
    '</g>',
    '</svg>',
    '',
  ].join('\n');
};

const drawLine = (spans: readonly Span[], y: number): string => {
  let column = 0;
  const parts = spans.map(({ text: whole, style }) => {
    // Not every viewer keeps the spaces at either end of a line, so they are steps, not text.
    const text = whole.trim();
    const x = margin + (column + whole.length - whole.trimStart().length) * cell.width;
    const { length } = text;
    column += whole.length;
    if (length === 0) return '';
    const look = [
      `fill="${style.colour}"`,
      ...(style.bold ? ['font-weight="bold"'] : []),
      ...(style.dim ? ['opacity="0.6"'] : []),
    ].join(' ');
    return `<tspan x="${x.toFixed(2)}" textLength="${(length * cell.width).toFixed(2)}" lengthAdjust="spacingAndGlyphs" ${look}>${escaped(text)}</tspan>`;
  });
  return `<text y="${y}">${parts.join('')}</text>`;
};

/** Cuts a line at its SGR sequences (ECMA-48, 8.3.117). */
const spansOf = (line: string): readonly Span[] => {
  const [first = '', ...rest] = line.split('\u001b[');
  const spans: Span[] = first === '' ? [] : [{ text: first, style: plain }];
  let style = plain;
  for (const part of rest) {
    const end = part.indexOf('m');
    style = part.slice(0, end).split(';').map(Number).reduce(apply, style);
    const text = part.slice(end + 1);
    if (text !== '') spans.push({ text, style });
  }
  return spans;
};

const apply = (style: Style, code: number): Style => {
  if (code === 0) return plain;
  if (code === 1) return { ...style, bold: true };
  if (code === 2) return { ...style, dim: true };
  if (code === 22) return { ...style, bold: false, dim: false };
  const colour = colours[code];
  return colour === undefined ? style : { ...style, colour };
};

/** Breaks between words where it can; what is carried over keeps the line's own indentation. */
const wrap = (spans: readonly Span[], columns: number): readonly (readonly Span[])[] => {
  const indent = /^ */.exec(spans[0]?.text ?? '')?.[0] ?? '';
  const lines: Span[][] = [[]];
  let used = 0;
  for (const { text, style } of spans) {
    for (const word of text.split(/(?<=[ /])/)) {
      if (used + word.trimEnd().length > columns) {
        lines.push([{ text: indent, style }]);
        used = indent.length;
      }
      lines.at(-1)?.push({ text: word, style });
      used += word.length;
    }
  }
  return lines.map(joinAlike);
};

const joinAlike = (spans: readonly Span[]): readonly Span[] => {
  const joined: Span[] = [];
  for (const span of spans) {
    const last = joined.at(-1);
    if (last?.style === span.style) joined.pop();
    joined.push(last?.style === span.style ? { ...span, text: last.text + span.text } : span);
  }
  return joined;
};

const escaped = (text: string): string =>
  text.replaceAll('&', '&amp;').replaceAll('<', '&lt;').replaceAll('"', '&quot;');
