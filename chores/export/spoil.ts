// SPDX-License-Identifier: GPL-3.0-only
import { moduleStem } from '../../src/review/exam/code/invented-package.ts';
import type { Spoil } from '../../src/review/exam/draft.ts';
import { functionName } from '../../src/review/exam/seeded-words.ts';

const identifier = (name: string): RegExp => new RegExp(`(?<![\\w$])${name}(?![\\w$])`, 'g');

/** A name that the index lacks, exported from the module that declares it, or from elsewhere. */
export const spoil: Spoil = (material, random) => {
  if (material.is !== 'package') return undefined;
  const { modules, index, indexPath, files } = material;
  const module = random.pick(modules);
  const name = random.pick(module.names);
  const [other = ''] = module.names.filter((one) => one !== name);
  const { quote, end } = module;
  const stem = moduleStem(module.path);
  const whole = `export { ${module.names.join(', ')} } from`;
  const exportLine = index.split('\n').find((line) => line.startsWith(whole)) ?? '';
  const without = index.replace(exportLine, exportLine.replace(whole, `export { ${other} } from`));
  const exported = (what: string, from = `./${stem}.ts`): string =>
    `${without}export ${what} from ${quote}${from}${quote}${end}\n`;
  const line = `export { ${name} } from ${quote}./${stem}.ts${quote}${end}\n`;
  const good = random.pick([index, without + line, line + without]);
  const strangers = modules.find((one) => one !== module);
  const stranger = strangers?.names[0] ?? other;
  const patched = (text: string) => new Map([[indexPath, text]]);
  return {
    way: 'export',
    acceptance: [
      random.pick([
        `\`${name}\` is exported from \`${indexPath}\``,
        `Export \`${name}\` from \`${indexPath}\``,
      ]),
      ...(random.chance(0.5) ? ['Nothing else changes'] : []),
    ],
    notes: `export: ${name} from ${indexPath}`,
    base: new Map([...files, [indexPath, without]]),
    edits: patched(good),
    wrong: {
      'code-in-address': patched(
        exported(`{ ${name} }`, `data:text/javascript,export const ${name}=()=>1`),
      ),
      'new-package': patched(exported(`{ ${name} }`, `${random.pick(['tiny', 'fast'])}-${stem}`)),
      builtin: patched(exported(`{ ${name} }`, 'node:child_process')),
      'missing-module': patched(exported(`{ ${name} }`, './nowhere.ts')),
      'wrong-module':
        strangers && patched(exported(`{ ${name} }`, `./${moduleStem(strangers.path)}.ts`)),
      'type-only': patched(exported(`type { ${name} }`)),
      undeclared: patched(`${without}export { ${name} }${end}\n`),
      'another-under-its-name': patched(exported(`{ ${other} as ${name} }`)),
      'code-beside': patched(`${good}globalThis.ready = true${end}\n`),
      'wrong-export': patched(exported(`{ ${other} as ${functionName(random)} }`)),
      'lost-export': patched(
        good
          .replace(identifier(stranger), '')
          .replace(/\{ ,|, \}/, (comma) => (comma === '{ ,' ? '{' : ' }')),
      ),
      'extra-export': patched(`${good}export * from ${quote}./${stem}.ts${quote}${end}\n`),
    },
  };
};
