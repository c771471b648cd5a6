// SPDX-License-Identifier: GPL-3.0-only
import { spawnSync } from 'node:child_process';
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
  globSync(['{src,actions,chores}/**/*.ts', 'bin/fetch-gpu-parts.ts'], { cwd: root }).filter(
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
    const compiler = join(root, 'node_modules/typescript/bin/tsc');
    const told = spawnSync(process.execPath, [compiler, '-p', file], { encoding: 'utf8' });
    if (told.status !== 0) {
      const [why] = /\S*[Ee]rror.*/.exec(`${told.stdout}${told.stderr}`) ?? ['tsc was ended'];
      throw new Error(
        `the types cannot be made (${why}); run "npm ci", which brings what they need`,
      );
    }
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

/** Whoever has made this file packs; the next one would find files that the first takes away. */
const lockOf = (root: string): string => join(root, '.packing');

const takeLock = (root: string): void => {
  try {
    writeFileSync(lockOf(root), '', { flag: 'wx' });
  } catch (cause) {
    if ((cause as NodeJS.ErrnoException).code !== 'EEXIST') throw cause;
    const again = 'wait for it, or, where it was killed, run: node bin/package-files.ts remove';
    throw new Error(`another "npm pack" is at work here (${lockOf(root)}); ${again}`, { cause });
  }
};

/**
 * Writes what the package has and the checkout has not, and keeps others from packing it until
 * `removePackageFiles`. @throws with nothing written.
 */
export const makePackageFiles = (root: string, entry?: string): void => {
  takeLock(root);
  try {
    const types = entry === undefined ? [] : declarations(root, entry);
    for (const path of modulesIn(root)) {
      const file = join(root, path);
      const text = toJavaScript(readFileSync(file, 'utf8'), file);
      writeFileSync(file.replace(/\.ts$/, '.js'), text);
    }
    for (const [path, text] of types) writeFileSync(join(root, path), text);
  } catch (error) {
    removePackageFiles(root);
    throw error;
  }
};

/** Takes away what `makePackageFiles` wrote. */
export const removePackageFiles = (root: string): void => {
  for (const path of modulesIn(root)) {
    const stem = join(root, path.replace(/\.ts$/, ''));
    for (const made of [`${stem}.js`, `${stem}.d.ts`]) rmSync(made, { force: true });
  }
  rmSync(lockOf(root), { force: true });
};

if (import.meta.main) {
  const root = fileURLToPath(new URL('..', import.meta.url));
  const [how] = process.argv.slice(2);
  try {
    if (how === 'make') makePackageFiles(root, 'actions/agents.ts');
    else if (how === 'remove') removePackageFiles(root);
    else {
      console.error(`usage: node ${relative('.', fileURLToPath(import.meta.url))} make|remove`);
      process.exitCode = 2;
    }
  } catch (error) {
    console.error((error as Error).message.split('\n')[0]);
    process.exitCode = 1;
  }
}
