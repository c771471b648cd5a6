// SPDX-License-Identifier: GPL-3.0-only
import { execFile } from 'node:child_process';
import { existsSync } from 'node:fs';
import { join } from 'node:path';
import { promisify } from 'node:util';

/** The folder of the flows that are written with LangGraph.js. */
export const langgraphFolder = import.meta.dirname;

const run = promisify(execFile);

/** Installs LangGraph.js where it is missing; why it could not be, where it could not. */
export const whyNoLanggraph = async (say: (line: string) => void): Promise<string | undefined> => {
  if (existsSync(join(langgraphFolder, 'node_modules', '@langchain', 'langgraph')))
    return undefined;
  say(`installing LangGraph.js into ${langgraphFolder}`);
  const args = ['ci', '--legacy-peer-deps', '--ignore-scripts', '--no-audit', '--no-fund'];
  try {
    await run('npm', args, { cwd: langgraphFolder, timeout: 300_000 });
    return undefined;
  } catch (error) {
    const { stderr = '' } = error as { readonly stderr?: string };
    return `npm ci in bench/langgraph failed: ${stderr.trim().split('\n').at(-1) ?? error}`;
  }
};
