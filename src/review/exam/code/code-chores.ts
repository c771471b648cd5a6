// SPDX-License-Identifier: GPL-3.0-only
import type { ExamEdits, ExamFiles } from '../exam-case.ts';
import type { Random } from '../seeded-random.ts';
import { functionName, makeSentence } from '../seeded-words.ts';
import { type InventedPackage, indexPath, moduleStem } from './invented-package.ts';

/** A chore done right: what was asked, and the files before and after. */
export type CodeChore = {
  readonly way: string;
  readonly acceptance: readonly string[];
  readonly base: ExamFiles;
  readonly edits: ReadonlyMap<string, string>;
  /** Ways to do this very chore wrong, by name. */
  readonly wrong: Readonly<Record<string, ExamEdits>>;
};

const identifier = (name: string): RegExp => new RegExp(`(?<![\\w$])${name}(?![\\w$])`, 'g');

/** Renames everywhere but between quotes; template text counts as code. */
const renameIn = (text: string, from: string, to: string): string =>
  text.replace(/'[^'\n]*'|"[^"\n]*"|[^'"]+/g, (part) =>
    /^['"]/.test(part) ? part : part.replace(identifier(from), to),
  );

const filesOf = ({ modules, index }: InventedPackage): Map<string, string> =>
  new Map([
    ...modules.flatMap(({ path, text, test, testText }) => [
      [path, text] as const,
      [test, testText] as const,
    ]),
    [indexPath, index],
    ['package.json', '{\n  "name": "exam",\n  "scripts": { "test": "ava" }\n}\n'],
  ]);

const licence = '// SPDX-License-Identifier: GPL-3.0-only\n';

const addHeader = (made: InventedPackage, random: Random): CodeChore => {
  const base = filesOf(made);
  const paths = made.modules.flatMap(({ path, test }) => [path, test]);
  const gap = random.chance(0.5) ? '\n' : '';
  const put = (text: string) =>
    new Map([...paths, indexPath].map((path) => [path, text + gap + (base.get(path) ?? '')]));
  const edits = put(licence);
  const [path = '', text = ''] = [...edits][0] ?? [];
  return {
    way: 'header',
    acceptance: [
      random.pick([
        'All *.ts files have a GPL header',
        'Every TypeScript file has a GPL licence header',
      ]),
    ],
    base,
    edits,
    wrong: {
      'wrong-licence': put('// SPDX-License-Identifier: MIT\n'),
      'header-below': new Map([...edits, [path, text.slice(licence.length) + licence]]),
      'header-with-code': new Map([
        ...edits,
        [path, `${licence}globalThis.ready = true;\n${text.slice(licence.length)}`],
      ]),
    },
  };
};

const addExport = (made: InventedPackage, random: Random): CodeChore => {
  const base = filesOf(made);
  const module = random.pick(made.modules);
  const name = random.pick(module.names);
  const [other = ''] = module.names.filter((one) => one !== name);
  const { quote, end } = module;
  const whole = `export { ${module.names.join(', ')} } from`;
  const lines = made.index.split('\n');
  const exportLine = lines.find((line) => line.startsWith(whole)) ?? '';
  const without = made.index.replace(
    exportLine,
    exportLine.replace(whole, `export { ${other} } from`),
  );
  base.set(indexPath, without);
  const separate = `${without}export { ${name} } from ${quote}./${moduleStem(module.path)}.ts${quote}${end}\n`;
  const good = random.chance(0.5) ? made.index : separate;
  const stranger = made.modules.find((one) => one !== module)?.names[0] ?? other;
  const patched = (text: string) => new Map([[indexPath, text]]);
  return {
    way: 'export',
    acceptance: [`\`${name}\` is exported from \`${indexPath}\``],
    base,
    edits: patched(good),
    wrong: {
      'wrong-export': patched(
        `${without}export { ${other} as ${functionName(random)} } from ${quote}./${moduleStem(module.path)}.ts${quote}${end}\n`,
      ),
      'lost-export': patched(
        good
          .replace(identifier(stranger), '')
          .replace(/\{ ,|, \}/, (comma) => (comma === '{ ,' ? '{' : ' }')),
      ),
      'extra-export': patched(
        `${good}export * from ${quote}./${moduleStem(module.path)}.ts${quote}${end}\n`,
      ),
    },
  };
};

const rename = (made: InventedPackage, random: Random): CodeChore => {
  const base = filesOf(made);
  const module = random.pick(made.modules);
  const from = random.pick(module.names);
  const taken = made.modules.flatMap(({ names }) => names);
  let to = functionName(random);
  while (taken.includes(to)) to = `${to}Again`;
  const done = (name: string) =>
    new Map(
      [...base]
        .map(([path, text]) => [path, renameIn(text, from, name)] as const)
        .filter(([path, text]) => text !== base.get(path)),
    );
  const edits = done(to);
  const text = edits.get(module.path) ?? '';
  const last = text.lastIndexOf(to);
  const testText = edits.get(module.test) ?? '';
  return {
    way: 'rename',
    acceptance: [`\`${from}\` is renamed to \`${to}\``, 'All its uses are renamed'],
    base,
    edits,
    wrong: {
      'missed-use': new Map([
        ...edits,
        text.indexOf(to) === last
          ? [module.test, testText.replace(new RegExp(`(?<=[( ])${to}(?=\\()`), from)]
          : [module.path, text.slice(0, last) + from + text.slice(last + to.length)],
      ]),
      'wrong-name': done(`${to}s`),
      'half-renamed': new Map([[module.path, text]]),
    },
  };
};

const addDocComment = (made: InventedPackage, random: Random): CodeChore => {
  const base = filesOf(made);
  const module = random.pick(made.modules);
  const name = random.pick(module.names);
  const [other = ''] = module.names.filter((one) => one !== name);
  const above = (target: string, comment: string): string =>
    module.text.replace(
      new RegExp(`^export (?:function|const) ${target}\\b`, 'm'),
      (line) => `${comment}\n${line}`,
    );
  const words = makeSentence(random);
  const comment = random.chance(0.5)
    ? `/** ${words} */`
    : `/**\n * ${words}\n * ${makeSentence(random)}\n */`;
  const good = above(name, comment);
  const patched = (text: string) => new Map([[module.path, text]]);
  return {
    way: 'doc comment',
    acceptance: [`\`${name}\` has a doc comment`],
    base,
    edits: patched(good),
    wrong: {
      'wrong-place': patched(above(other, comment)),
      'empty-comment': patched(above(name, '/** */')),
      'comment-with-code': patched(above(name, `${comment}\nexport const ready = true;`)),
      'swallowed-code': patched(good.replace(/^ {2}(if .*|const .*)$/m, '  // $1')),
    },
  };
};

const addTest = (made: InventedPackage, random: Random): CodeChore => {
  const base = filesOf(made);
  const module = random.pick(made.modules);
  const name = random.pick(module.names);
  const { quote, end, test } = module;
  base.delete(test);
  const write = (
    call: string,
    check: string,
    source = `../src/${moduleStem(module.path)}.ts`,
  ): Map<string, string> =>
    new Map([
      [
        test,
        [
          `import test from ${quote}ava${quote}${end}`,
          `import { ${name} } from ${quote}${source}${quote}${end}`,
          '',
          `${call}(${quote}${name} is there${quote}, (t) => {`,
          `  ${check}${end}`,
          `})${end}`,
          '',
        ].join('\n'),
      ],
    ]);
  const check = random.pick([
    `t.is(typeof ${name}, ${quote}function${quote})`,
    `t.not(${name}, undefined)`,
  ]);
  const edits = write('test', check);
  return {
    way: 'test skeleton',
    acceptance: [`Add a test for \`${name}\` in \`${test}\``],
    base,
    edits,
    wrong: {
      'asserts-nothing': write('test', `t.pass()`),
      'skipped-test': write('test.skip', check),
      'tests-another-thing': write('test', `t.is(1, 1)`),
      'wrong-import': write('test', check, './stub.ts'),
    },
  };
};

const chores = [addHeader, addExport, rename, addDocComment, addTest];

/** One of the five chores, done right on the package. */
export const doCodeChore = (made: InventedPackage, random: Random): CodeChore =>
  random.pick(chores)(made, random);
