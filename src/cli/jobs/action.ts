// SPDX-License-Identifier: GPL-3.0-only
import { access } from 'node:fs/promises';
import { join } from 'node:path';
import { pathToFileURL } from 'node:url';
import { error, warning } from '@actions/core';
import { installationFolder } from '../../data/installation.ts';
import { UserError } from '../../data/user-error.ts';
import { type Annotation, stopCommands } from './actions/quiet-runner.ts';

/** `pantheon action`: runs `main.ts` of an action's folder; inputs come from the environment. */
export const actionCommand = async (name: string): Promise<void> => {
  const file = join(installationFolder, 'actions', name, 'main.ts');
  const exists =
    /^[a-z][a-z0-9-]*$/.test(name) &&
    (await access(file).then(
      () => true,
      () => false,
    ));
  if (!exists) throw new UserError(`there is no action "${name}" in this installation`);
  const { main } = (await import(pathToFileURL(file).href)) as {
    main: () => Promise<readonly Annotation[] | undefined>;
  };
  const resume = stopCommands();
  try {
    const annotations = (await main()) ?? [];
    resume();
    for (const [level, line] of annotations) ({ error, warning })[level](line);
  } catch (fault) {
    if (fault instanceof UserError) {
      resume();
      error(fault.message);
      // It is printed once more as it is.
      stopCommands();
    }
    throw fault;
  }
};
