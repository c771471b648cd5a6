// SPDX-License-Identifier: GPL-3.0-only
import { execFileSync } from 'node:child_process';
import { existsSync, globSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { stripTypeScriptTypes } from 'node:module';
import { tmpdir } from 'node:os';
import { dirname, join, relative, resolve } from 'node:path';
import { fileURLToPath } from 'node:url';

/*
 * Runs before and after `npm pack`, since Node erases no types below node_modules. `make` writes
 * beside each module the JavaScript that Node would run in its place, and the types of what a program
 * imports; `remove` takes them away again. package.json says what is packed.
 */

/** The modules of a package, relative to its root. */
const modulesIn = (root: string): readonly string[] =>
  globSync(['{src,actions}/**/*.ts', 'bin/fetch-gpu-parts.ts'], { cwd: root }).filter(
    (path) => !path.endsWith('.d.ts'),
  );

/** A module of TypeScript as JavaScript, with every line and column where it was. */
export const toJavaScript = (text: string, file: string): string =>
  withJsEndings(stripTypeScriptTypes(text, { mode: 'strip' }), file);

/** Imports, and other literals that name a module beside this one, end in `.js`. */
const withJsEndings = (text: string, file: string): string =>
  text.replace(/(['"])(\.{1,2}\/[^'"\n]*)\.ts\1/g, (literal, quote: string, path: string) =>
    existsSync(resolve(dirname(file), `${path}.ts`)) ? `${quote}${path}.js${quote}` : literal,
  );

/** What the package's entry and whatever its types name declare, as text by path. */
const declarations = (root: string, entry: string): ReadonlyMap<string, string> => {
  const folder = mkdtempSync(join(tmpdir(), 'pantheon-types-'));
  try {
    const outDir = join(folder, 'out');
    const config = {
      extends: join(root, 'tsconfig.json'),
      compilerOptions: {
        ...{ noEmit: false, declaration: true, emitDeclarationOnly: true, noCheck: true },
        ...{ outDir, rootDir: root, typeRoots: [join(root, 'node_modules/@types')] },
      },
      include: [],
      files: [join(root, entry)],
    };
    const file = join(folder, 'tsconfig.json');
    writeFileSync(file, JSON.stringify(config));
    execFileSync(process.execPath, [join(root, 'node_modules/typescript/bin/tsc'), '-p', file]);
    const texts = new Map<string, string>();
    const follow = (path: string): void => {
      if (texts.has(path)) return;
      const text = readFileSync(join(outDir, path), 'utf8');
      texts.set(path, withJsEndings(text, join(root, path)));
      for (const [, target = ''] of text.matchAll(/['"](\.{1,2}\/[^'"\n]*)\.ts['"]/g)) {
        follow(`${join(dirname(path), target)}.d.ts`);
      }
    };
    follow(entry.replace(/\.ts$/, '.d.ts'));
    return texts;
  } finally {
    rmSync(folder, { recursive: true });
  }
};

/** Writes what the package has and the checkout has not. */
export const makePackageFiles = (root: string, entry?: string): void => {
  for (const path of modulesIn(root)) {
    const file = join(root, path);
    const text = toJavaScript(readFileSync(file, 'utf8'), file);
    writeFileSync(file.replace(/\.ts$/, '.js'), text);
  }
  if (entry === undefined) return;
  for (const [path, text] of declarations(root, entry)) writeFileSync(join(root, path), text);
};

/** Takes away what `makePackageFiles` wrote. */
export const removePackageFiles = (root: string): void => {
  for (const path of modulesIn(root)) {
    const stem = join(root, path.replace(/\.ts$/, ''));
    for (const made of [`${stem}.js`, `${stem}.d.ts`]) rmSync(made, { force: true });
  }
};

if (import.meta.main) {
  const root = fileURLToPath(new URL('..', import.meta.url));
  const [how] = process.argv.slice(2);
  if (how === 'make') makePackageFiles(root, 'actions/agents.ts');
  else if (how === 'remove') removePackageFiles(root);
  else {
    console.error(`usage: node ${relative('.', fileURLToPath(import.meta.url))} make|remove`);
    process.exitCode = 2;
  }
}
