// SPDX-License-Identifier: GPL-3.0-only
import { readdir } from 'node:fs/promises';
import { join } from 'node:path';
import { pathToFileURL } from 'node:url';
import { moduleFile } from '../../data/found-modules.ts';
import { installationFolder } from '../../data/installation.ts';
import { UserError } from '../../data/user-error.ts';
import { type Annotation, stopCommands } from './actions/quiet-runner.ts';

/** `pantheon action`: runs `main.ts` of an action's folder; inputs come from the environment. */
export const actionCommand = async (name: string): Promise<void> => {
  const folder = join(installationFolder, 'actions', name);
  const isName = /^[a-z][a-z0-9-]*$/.test(name);
  const files = isName ? await readdir(folder).catch((): string[] => []) : [];
  const file = moduleFile(new Set(files), 'main');
  if (file === undefined) throw new UserError(`there is no action "${name}" in this installation`);
  const { main } = (await import(pathToFileURL(join(folder, file)).href)) as {
    main: () => Promise<readonly Annotation[] | undefined>;
  };
  const resume = stopCommands();
  try {
    const annotations = (await main()) ?? [];
    resume();
    if (annotations.length > 0) await annotate(annotations);
  } catch (fault) {
    if (fault instanceof UserError) {
      resume();
      await annotate([['error', fault.message]]);
      // It is printed once more as it is.
      stopCommands();
    }
    throw fault;
  }
};

/** Puts lines on the page of the run. Only now: the toolkit takes longer to load than a job to start. */
const annotate = async (annotations: readonly Annotation[]): Promise<void> => {
  const { error, warning } = await import('@actions/core');
  for (const [level, line] of annotations) ({ error, warning })[level](line);
};
