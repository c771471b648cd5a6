// SPDX-License-Identifier: GPL-3.0-only
import { cp, mkdir, readdir, symlink, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { git } from '../../src/workspace/git.ts';

const unitsPerSpec = 10;

const flow = `name: bench
entry: plan.validate
nodes:
  - { id: plan.validate, agent: plan.validate, inputs: [root] }
  - { id: work,          agent: bench.work,    inputs: [plan.validate] }
  - { id: test,          agent: bench.test,    inputs: [work] }
  - { id: reviewA,       agent: bench.review,  inputs: [work, test] }
  - { id: reviewB,       agent: bench.review,  inputs: [work, test] }
  - { id: merge,         agent: merge.gate,    inputs: [reviewA, reviewB] }
output: merge
`;

/** Every agent on rules that answer at once. */
const atOnce = `flow: bench
profiles:
  embedded:
    default: { engine: rules, slots: 64 }
    bench.review: [ { rules: a }, { rules: b } ]
gate: { maxOpen: 100000, jointErrors: 1, exam: { recall: 0, precision: 0 }, kappa: { minPairs: 1000000 } }
`;

/** This installation with agents that do nothing among those that ship. */
export const createHome = async (folder: string): Promise<string> => {
  const root = join(import.meta.dirname, '..', '..');
  const actions = join(folder, 'actions');
  await cp(join(root, 'actions'), actions, { recursive: true });
  await cp(join(import.meta.dirname, 'agents'), actions, { recursive: true });
  for (const name of await readdir(root)) {
    if (name !== 'actions') await symlink(join(root, name), join(folder, name));
  }
  return folder;
};

/** A repository of `units` notes in folders of ten, and one spec a folder. */
export const createVault = async (
  folder: string,
  units: number,
  config: string = atOnce,
): Promise<void> => {
  await mkdir(join(folder, 'specs'), { recursive: true });
  await mkdir(join(folder, 'flows'));
  await writeFile(join(folder, 'flows', 'bench.yaml'), flow);
  await writeFile(join(folder, 'pantheon.yaml'), config);
  for (let spec = 0; spec < units / unitsPerSpec; spec += 1) {
    const name = `folder-${String(spec).padStart(5, '0')}`;
    await mkdir(join(folder, 'notes', name), { recursive: true });
    for (let note = 0; note < unitsPerSpec; note += 1) {
      const body = Array.from(
        { length: 20 },
        (_, line) => `Line ${line} of note ${note} in ${name}.`,
      );
      await writeFile(join(folder, 'notes', name, `note-${note}.md`), `${body.join('\n')}\n`);
    }
    const text = `title: Note ${spec}\nscope: notes/${name}/\nacceptance: ["\`Reviewed.\` is the last line"]\n`;
    await writeFile(join(folder, 'specs', `${name}.yaml`), text);
  }
  await git(folder, ['init', '--quiet', '--initial-branch=main']);
  await git(folder, ['add', '--all']);
  const who = ['-c', 'user.name=bench', '-c', 'user.email=bench@localhost'];
  await git(folder, [...who, 'commit', '--quiet', '--message', 'Begin']);
};
