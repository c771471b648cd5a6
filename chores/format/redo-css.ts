// SPDX-License-Identifier: GPL-3.0-only

/** What stands in the place of texts, addresses and comments while the rest is rewritten: `⁅c12⁆`. */
const [open, shut] = ['⁅', '⁆'];

/** A style sheet, rule by rule, without the blanks that say nothing. */
export const cssForm = (text: string): string => {
  if (text.includes(open) || text.includes(shut)) return text;
  const held: string[] = [];
  const hold = (kind: string, words: string): string =>
    `${open}${kind}${held.push(words) - 1}${shut}`;
  const bare = text
    .replace(
      /(\/\*[\s\S]*?\*\/)|("(?:\\[\s\S]|[^"\\\n])*"|'(?:\\[\s\S]|[^'\\\n])*')|(?<=\burl\()(\s*[^\s"'()]+\s*)(?=\))/gi,
      (_, remark?: string, quoted?: string, address = '') => {
        if (remark !== undefined) return hold('c', remark.split(/\s+/).join(' '));
        if (quoted === undefined) return hold('a', address.trim());
        return hold('t', quoted.slice(1, -1).replaceAll("\\'", "'").replaceAll('\\"', '"'));
      },
    )
    .replace(/\s+/g, ' ')
    .replace(
      /\[ ?([\w|-]+) ?([~|^$*]?=) ?([\w-]+|⁅t\d+⁆)( ?[a-z])? ?\]/gi,
      (_, key: string, sign: string, value: string, flag = '') =>
        `[${key}${sign}${value.startsWith(open) ? value : hold('t', value)}${flag}]`,
    );
  const pieces = bare.split(/([{};])/);
  const rules = pieces.flatMap((piece, at) => {
    if (at % 2 === 1) return piece === ';' ? [] : [piece];
    const ahead = /^(?: ?⁅c\d+⁆)* ?/.exec(piece)?.[0] ?? '';
    const rest = piece.slice(ahead.length);
    const form = pieces[at + 1] === '{' ? headForm(rest) : declarationForm(rest);
    return [...(ahead.match(/⁅c\d+⁆/g) ?? []), ...(form === '' ? [] : [form])];
  });
  return JSON.stringify(rules).replace(/⁅[cta](\d+)⁆/g, (_, at: string) =>
    JSON.stringify(held[Number(at)]),
  );
};

const headForm = (head: string): string =>
  head.startsWith('@') ? ruleForm(head) : selectorForm(head);

const ruleForm = (rule: string): string => {
  const isOfSelectors = /^@scope|\bselector\(/i.test(rule);
  const [name = ''] = /^@[\w-]+/.exec(rule) ?? [];
  const rest = rule.slice(name.length).trim();
  const said = isOfSelectors ? selectorForm(rest) : valueForm(rest.replace(/ ?([:<>=]+) ?/g, '$1'));
  return `${name.toLowerCase()} ${said}`;
};

const selectorForm = (selector: string): string =>
  selector
    .replace(/( ?)((?:⁅c\d+⁆ ?)+)/g, (_, blank: string, said: string) =>
      (blank + said).includes(' ') ? ` ${said.replaceAll(' ', '')}` : said,
    )
    .replace(/ ?([>~,|+]) ?/g, '$1')
    .replace(/\( | (?=\))/g, (sign) => sign.trim())
    .replace(/(?<=\()([+-]?\d*n) ?([+-]) ?(?=\d)/gi, (sum) => sum.replaceAll(' ', '').toLowerCase())
    .replace(/(?<=\()[+-]?\d*N(?=\))/g, (step) => step.toLowerCase())
    .replace(/(?<=:)[\w-]+|^(?:from|to)(?= ?$|,)/gi, (word) => word.toLowerCase())
    .trim();

const declarationForm = (declaration: string): string => {
  if (declaration.startsWith('@')) return ruleForm(declaration);
  const colon = declaration.indexOf(':');
  if (colon === -1) return declaration.trim();
  const [key, value] = [declaration.slice(0, colon).trim(), declaration.slice(colon + 1)];
  // To be set to a blank and to be set to nothing are two things.
  if (key.startsWith('--') && value.trim() === '')
    return `${key}:${value === '' ? 'nothing' : 'blank'}`;
  return `${key}:${valueForm(value)}`;
};

const valueForm = (value: string): string =>
  value
    .replace(/ ?((?:⁅c\d+⁆ ?)+)/g, (said) => ` ${said.replaceAll(' ', '')} `)
    .replace(/\)(?=[^\s,;)!*/])/g, ') ')
    .replace(/(?<=[\w%)])\+(?=[\d.])/g, ' +')
    .replace(/\( +| +(?=\))/g, (sign) => sign.trim())
    .replace(/ *([,!*/]) */g, '$1')
    .replace(/#(?:[\da-f]{3,4}|[\da-f]{6}|[\da-f]{8})(?![\w-])/gi, (colour) => colour.toLowerCase())
    .replace(
      /(?<![\w#.⁅-])([+-]?)(\d+(?:\.\d+)?|\.\d+)(e[+-]?\d+)?(%|[a-z]*)(?![\w-])/gi,
      (_, sign: string, digits: string, power = '', unit = '') =>
        `${sign}${plainly(digits)}${power.toLowerCase()}${unit.toLowerCase()}`,
    )
    .replace(/ +/g, ' ')
    .trim();

const plainly = (digits: string): string => {
  const [whole = '', part = ''] = digits.split('.');
  const kept = part.replace(/0+$/, '');
  return (whole === '' ? '0' : whole) + (kept === '' ? '' : `.${kept}`);
};
