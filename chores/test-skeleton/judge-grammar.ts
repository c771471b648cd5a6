// SPDX-License-Identifier: GPL-3.0-only
import type { CodeToken } from '../../src/code/tokens.ts';
import { type Names, NotPlain, type Said } from './judge-said.ts';

const values =
  /^(?:true|false|null|undefined|NaN|Infinity|Error|TypeError|RangeError|SyntaxError|Map|Set|Date|String|Number|Boolean|Array|Object)$/u;
const functions =
  /^(?:Math\.(?!random$)\w+|JSON\.(?:stringify|parse)|Number(?:\.(?:isInteger|isNaN|isFinite|parseFloat|parseInt|MAX_SAFE_INTEGER|MIN_SAFE_INTEGER|EPSILON))?|String(?:\.fromCharCode|\.fromCodePoint)?|Boolean|BigInt|Array\.(?:of|from|isArray)|Object\.(?:keys|values|entries|fromEntries)|Symbol(?:\.for|\.iterator)?|Promise\.(?:resolve|reject))$/u;
const made = /^(?:Map|Set|Date|Error|TypeError|RangeError|SyntaxError|URL|Uint8Array)$/u;
const barred =
  /^(?:constructor|prototype|__\w+__|caller|callee|arguments|call|apply|bind|mainModule|env|binding|getBuiltinModule|toLocaleString)$/u;
const operators = /^(?:\+|-|\*|\/|%|\*\*|===|!==|==|!=|<|>|<=|>=|&&|\|\||\?\?|instanceof)$/u;
const comparing = /^(?:===|==|<|>|<=|>=)$/u;
const identifier = /^[\p{ID_Start}$_][\p{ID_Continue}$]*$/u;
const words =
  /^(?:function|class|import|require|eval|this|super|yield|delete|void|let|var|if|for|while|do|switch|try|throw|with|debugger|process|globalThis|global|window|self|fetch|Function|Reflect|Proxy)$/u;

/** Reads the few forms of expressions that a test may have off its tokens. */
export class Reader {
  at = 0;
  readonly #tokens: readonly CodeToken[];
  readonly #names: Names;

  constructor(tokens: readonly CodeToken[], names: Names) {
    this.#tokens = tokens;
    this.#names = names;
  }

  get text(): string {
    return this.#tokens[this.at]?.text ?? '';
  }

  get isDone(): boolean {
    return this.at >= this.#tokens.length;
  }

  peek(ahead: number): string {
    return this.#tokens[this.at + ahead]?.text ?? '';
  }

  next(): string {
    this.at += 1;
    return this.#tokens[this.at - 1]?.text ?? '';
  }

  skip(text: string): boolean {
    if (this.text !== text) return false;
    this.at += 1;
    return true;
  }

  expect(text: string): void {
    if (!this.skip(text)) throw new NotPlain(`"${this.text.slice(0, 40)}" has no place in a test`);
  }

  name(): string {
    const text = this.next();
    if (!identifier.test(text) || words.test(text))
      throw new NotPlain(`"${text.slice(0, 40)}" is used`);
    return text;
  }

  since(from: number): string {
    return this.#tokens
      .slice(from, this.at)
      .map(({ text }) => text)
      .join(' ');
  }

  /** Arguments up to the closing bracket. */
  list(end: string): readonly Said[] {
    const items: Said[] = [];
    while (!this.skip(end)) {
      this.skip('...');
      items.push(this.expression());
      if (this.text !== end) this.expect(',');
    }
    return items;
  }

  expression(): Said {
    const from = this.at;
    const parts = [this.#unary()];
    const used: string[] = [];
    while (operators.test(this.text)) {
      used.push(this.next());
      parts.push(this.#unary());
    }
    const [first, second] = parts as [Said, Said];
    if (used.length === 0) return first;
    const tainted = parts.some((part) => part.tainted);
    const isComparison = used.length === 1 && comparing.test(used[0] ?? '');
    return { tainted, text: this.since(from), ...(isComparison && { sides: [first, second] }) };
  }

  #unary(): Said {
    const from = this.at;
    if (this.skip('await')) return { ...this.#unary(), text: this.since(from) };
    if (this.skip('typeof')) {
      const { tainted, subject, called, withArguments } = this.#unary();
      return {
        tainted,
        subject,
        isTypeof: true,
        called: called ?? false,
        withArguments: withArguments ?? false,
        text: this.since(from),
      };
    }
    if (/^[!+-]$/u.test(this.text)) {
      this.at += 1;
      return { tainted: this.#unary().tainted, text: this.since(from) };
    }
    return this.#postfix();
  }

  #postfix(): Said {
    const from = this.at;
    let said = this.#primary();
    for (;;) {
      if (this.text === '.' || this.text === '?.') {
        this.at += 1;
        const member = this.next();
        if (!identifier.test(member) || barred.test(member))
          throw new NotPlain(`".${member}" is used`);
        said = { ...said, gives: undefined, text: this.since(from) };
      } else if (this.skip('[')) {
        if (
          !/^(?:\d+|'[\w -]+'|"[\w -]+")$/u.test(this.text) ||
          barred.test(this.text.slice(1, -1))
        )
          throw new NotPlain('a computed member is used');
        this.at += 1;
        this.expect(']');
        said = { ...said, text: this.since(from) };
      } else if (this.skip('(')) said = this.#call(said, this.list(')'), from);
      else return said;
    }
  }

  #call(callee: Said, args: readonly Said[], from: number): Said {
    const { subject, called } = callee;
    const kind = subject === undefined ? undefined : this.#names.subjects.get(subject);
    const tainted = callee.tainted || args.some((one) => one.tainted);
    const text = this.since(from);
    if (subject === undefined) return { tainted, text };
    if (called && kind === 'function' && args.length > 0) return { tainted, text };
    const isCall = kind !== 'class' || called === true;
    return {
      tainted,
      subject,
      called: isCall,
      withArguments: callee.withArguments === true || args.length > 0,
      text,
    };
  }

  #primary(): Said {
    const from = this.at;
    if (this.#isArrow()) return this.#arrow();
    const text = this.next();
    if (text === '(') {
      const said = this.expression();
      this.expect(')');
      return said;
    }
    if (text === '[') return this.#together(this.list(']'), from);
    if (text === '{') return this.#together(this.#properties(), from);
    if (text === 'new') return this.#instance(from);
    if (/^`[\s\S]*\$\{$/u.test(text)) return this.#template(from);
    if (/^(?:\d|['"`/]|\.\d)/u.test(text) && text !== '/') return { tainted: false, text };
    if (!identifier.test(text) || words.test(text))
      throw new NotPlain(`"${text.slice(0, 40)}" is used`);
    const kind = this.#names.subjects.get(text);
    if (kind) return { tainted: true, subject: text, called: false, withArguments: false, text };
    const local = this.#names.locals.get(text);
    if (local) return { ...local, text };
    if (values.test(text) && this.text !== '.' && this.text !== '(')
      return { tainted: false, text };
    const path = this.text === '.' ? `${text}.${this.peek(1)}` : text;
    if (!functions.test(path)) throw new NotPlain(`"${path.slice(0, 40)}" is used`);
    if (path !== text) this.at += 2;
    return { tainted: false, text: path };
  }

  #together(parts: readonly Said[], from: number): Said {
    return { tainted: parts.some(({ tainted }) => tainted), text: this.since(from) };
  }

  #properties(): readonly Said[] {
    const parts: Said[] = [];
    while (!this.skip('}')) {
      if (this.skip('...')) parts.push(this.expression());
      else {
        const key = this.next();
        if (
          !/^(?:[\p{ID_Start}$_][\p{ID_Continue}$]*|'[^'\\]*'|"[^"\\]*"|\d+)$/u.test(key) ||
          /__proto__/u.test(key)
        )
          throw new NotPlain('a property is not plain');
        if (this.skip(':')) parts.push(this.expression());
        else {
          this.at -= 1;
          parts.push(this.#primary());
        }
      }
      if (this.text !== '}') this.expect(',');
    }
    return parts;
  }

  #instance(from: number): Said {
    const name = this.name();
    const kind = this.#names.subjects.get(name);
    if (!kind && !made.test(name)) throw new NotPlain(`new ${name} is used`);
    const args = this.skip('(') ? this.list(')') : [];
    if (name === 'Date' && args.length === 0) throw new NotPlain('the time of day is used');
    const tainted = kind !== undefined || args.some((one) => one.tainted);
    const text = this.since(from);
    return kind
      ? { tainted, subject: name, called: true, withArguments: true, text }
      : { tainted, text };
  }

  #template(from: number): Said {
    const parts: Said[] = [];
    do parts.push(this.expression());
    while (/^\}[\s\S]*\$\{$/u.test(this.next()));
    if (!/^\}[\s\S]*`$/u.test(this.peek(-1))) throw new NotPlain('a template is not plain');
    return this.#together(parts, from);
  }

  #isArrow(): boolean {
    let at = this.text === 'async' ? 1 : 0;
    if (identifier.test(this.peek(at)) && this.peek(at + 1) === '=>') return true;
    if (this.peek(at) !== '(') return false;
    for (let depth = 0; this.peek(at) !== ''; at += 1) {
      if (this.peek(at) === '(') depth += 1;
      if (this.peek(at) === ')') depth -= 1;
      if (depth === 0) return this.peek(at + 1) === '=>';
    }
    return false;
  }

  #arrow(): Said {
    const from = this.at;
    this.skip('async');
    const names: string[] = [];
    if (this.skip('(')) {
      while (!this.skip(')')) {
        names.push(this.name());
        if (this.skip(':')) this.name();
        if (this.text !== ')') this.expect(',');
      }
    } else names.push(this.name());
    this.expect('=>');
    const hidden = names.map((name) => [name, this.#names.locals.get(name)] as const);
    for (const name of names) {
      if (this.#names.subjects.has(name)) throw new NotPlain(`"${name}" means something else`);
      this.#names.locals.set(name, { tainted: false, text: name });
    }
    const gives = this.skip('{') ? this.#block() : this.expression();
    for (const [name, said] of hidden) {
      if (said) this.#names.locals.set(name, said);
      else this.#names.locals.delete(name);
    }
    return { tainted: gives.tainted, gives, text: this.since(from) };
  }

  /** One expression, given back or not. */
  #block(): Said {
    this.skip('return');
    const said = this.expression();
    this.skip(';');
    this.expect('}');
    return said;
  }
}
