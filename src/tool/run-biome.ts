// SPDX-License-Identifier: GPL-3.0-only
import { mkdir, readFile, writeFile } from 'node:fs/promises';
import { createRequire } from 'node:module';
import { dirname, join } from 'node:path';
import { z } from 'zod';
import { foldersUp, joinFolder } from '../boundary/dependencies.ts';
import type { Execution } from '../boundary/executor.ts';
import { removeTree } from '../boundary/read-only-folder.ts';
import { makeTemporaryFolder } from '../data/temporary-folder.ts';
import type { Overlay } from '../workspace/overlay.ts';
import { readBytes } from './read-text.ts';
import { defineTool, ToolFault } from './tool.ts';

const configNames = ['biome.json', 'biome.jsonc', '.biome.json', '.biome.jsonc'];
const timeoutMs = 30_000;
const onlyImports = [
  '--formatter-enabled=false',
  '--assist-enabled=true',
  '--javascript-assist-enabled=true',
  '--only=source/organizeImports',
];

/**
 * `run_biome`: formats one file and applies safe lint fixes with Pantheon's own Biome under the
 * repository's committed configuration. Biome sees that file and the configuration, nothing else.
 */
export const runBiome = defineTool({
  name: 'run_biome',
  description:
    "Formats a file with Biome under the repository's own biome.json, applies safe fixes and lists what is left to correct as line:column rule: message.",
  args: z.strictObject({
    path: z.string(),
    lint: z.boolean().optional().describe('Safe fixes of lint rules too; default true'),
    only: z.literal('imports').optional().describe('Sorts imports and re-exports, and no more'),
  }),
  result: z.strictObject({ changed: z.boolean(), diagnostics: z.array(z.string()) }),
  touches: ({ path }) => ({ reads: [path], writes: [path] }),
  run: async ({ path, lint = true, only }, { overlay, executor, signal }) => {
    const before = await readBytes(overlay, path);
    const configs = await readConfigs(overlay, dirname(path));
    if (configs.size === 0) {
      throw new ToolFault(
        'no biome.json above this file; keep to the style of the files around it',
      );
    }
    const root = await makeTemporaryFolder('biome');
    try {
      const tree = join(root, 'tree');
      await writeFiles(tree, new Map([...configs, [path, before]]));
      const execution = await executor.run({
        // The switch is for a configuration that reads .gitignore: git's ignored files are not here.
        argv: [
          '../biome/biome',
          'check',
          '--write',
          '--vcs-enabled=false',
          ...(only ? onlyImports : lint ? [] : ['--linter-enabled=false']),
          '--colors=off',
          '--max-diagnostics=50',
          '--reporter=github',
          '--',
          path,
        ],
        cwd: tree,
        root,
        readOnly: [{ source: biomeFolder(), target: 'biome' }],
        timeoutMs,
        signal,
      });
      const diagnostics = readDiagnostics(execution);
      const after = await readFile(join(tree, path));
      const changed = !after.equals(before);
      if (changed) overlay.write(path, after);
      return { changed, diagnostics };
    } finally {
      await removeTree(root);
    }
  },
});

/** From the base commit: the branch under work does not choose its own judge. */
const readConfigs = async (
  overlay: Overlay,
  folder: string,
): Promise<ReadonlyMap<string, Uint8Array>> => {
  const configs = new Map<string, Uint8Array>();
  for (const above of foldersUp(folder === '.' ? '' : folder)) {
    for (const name of configNames) {
      const path = joinFolder(above, name);
      const entry = overlay.base.entries.get(path);
      if (entry?.mode.startsWith('100')) configs.set(path, await overlay.base.read(entry.oid));
    }
  }
  return configs;
};

const writeFiles = async (
  folder: string,
  files: ReadonlyMap<string, Uint8Array>,
): Promise<void> => {
  for (const [path, bytes] of files) {
    await mkdir(join(folder, dirname(path)), { recursive: true });
    await writeFile(join(folder, path), bytes);
  }
};

/** The folder of the native program that @biomejs/biome would start; npm installs the one that fits. */
const biomeFolder = (): string => {
  const requireHere = createRequire(import.meta.url);
  const { resolve } = createRequire(requireHere.resolve('@biomejs/biome/package.json'));
  const names = ['', '-musl'].map((libc) => `@biomejs/cli-linux-${process.arch}${libc}`);
  for (const name of names) {
    try {
      return dirname(resolve(`${name}/package.json`));
    } catch (error) {
      if ((error as NodeJS.ErrnoException).code !== 'MODULE_NOT_FOUND') throw error;
    }
  }
  throw new ToolFault('Biome is not installed for this machine; go on without it');
};

/** Lines as in GitHub's workflow commands: `::error title=RULE,file=..,line=L,..col=C,..::MESSAGE`. */
const readDiagnostics = (execution: Execution): string[] => {
  if (execution.timedOut) throw new ToolFault(`Biome did not finish within ${timeoutMs} ms`);
  const { stdout, stderr } = execution;
  if (stderr.includes('No files were processed')) {
    return ['biome.json excludes this file; nothing was done'];
  }
  const matches = [
    ...stdout.matchAll(
      /^::(?:error|warning|notice) title=([^,]*),.*?line=(\d+),.*?col=(\d+),.*?::(.*)$/gm,
    ),
  ];
  if (matches.length === 0 && execution.code !== 0) {
    throw new ToolFault(`Biome could not work on this file: ${firstWords(stderr)}`);
  }
  const lines = matches.map((match) => {
    const [, rule, line, column, message] = match;
    return `${line}:${column} ${rule}: ${message}`;
  });
  return [...new Set(lines)];
};

const firstWords = (text: string): string =>
  (/^ +× (.*)$/m.exec(text)?.[1] ?? text.trim().slice(0, 500)) || 'it said nothing';
