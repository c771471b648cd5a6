// SPDX-License-Identifier: GPL-3.0-only
import type { Spoil } from '../../src/review/exam/draft.ts';
import { functionName } from '../../src/review/exam/seeded-words.ts';

/** A declaration that nobody imports without its `export`, or one that is imported, or more of it gone. */
export const spoil: Spoil = (material, random) => {
  if (material.is !== 'package') return undefined;
  const { modules, files } = material;
  const module = random.pick(modules);
  const taken = modules.flatMap(({ names }) => names);
  let name = functionName(random);
  while (taken.includes(name)) name = `${name}Again`;
  const { path, text, end, quote } = module;
  const kind = random.pick(['const', 'function', 'type']);
  const declared = {
    const: `const ${name} = 2${end}`,
    function: `function ${name}(): number {\n  return 2${end}\n}`,
    type: `type ${name} = 2${end}`,
  }[kind];
  const page = (line: string, rest = text) => new Map([[path, `${rest}\n${line}\n`]]);
  const used = random.pick(module.names);
  const isNamed = random.chance(0.5);
  const good = page(declared ?? '');
  return {
    way: 'unused export',
    acceptance: [
      isNamed
        ? `\`${name}\` is no longer exported from \`${path}\``
        : 'There are no unused exports',
      ...(random.chance(0.5) ? ['Nothing else changes'] : []),
    ],
    context: ['**'],
    notes: `unused-export: ${name} in ${path}`,
    base: new Map([...files, ...page(`export ${declared}`)]),
    edits: good,
    wrong: {
      'a-used-one-too': page(
        declared ?? '',
        text.replace(new RegExp(`^export (?=.*\\b${used}\\b)`, 'm'), ''),
      ),
      'only-a-used-one': page(
        `export ${declared}`,
        text.replace(new RegExp(`^export (?=.*\\b${used}\\b)`, 'm'), ''),
      ),
      'declaration-gone': page(''),
      'another-value': page((declared ?? '').replace('2', '3')),
      'another-name': page((declared ?? '').replace(name, `${name}Only`)),
      'exported-below': page(`${declared}\nexport { ${name} }${end}`),
      'by-default': page(`${declared}\nexport default ${kind === 'type' ? 2 : name}${end}`),
      'code-beside': page(`${declared}\nglobalThis.ready = true${end}`),
      'import-beside': page(`import ${quote}node:child_process${quote}${end}\n${declared}`),
      'comment-beside': page(`// @ts-nocheck\n${declared}`),
      'hidden-character': page(`${declared} // ${name}\u202E`),
      'line-lost': page(declared ?? '', text.replace(/^const label = .*\n/m, '')),
    },
  };
};
