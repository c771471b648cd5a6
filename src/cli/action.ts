// SPDX-License-Identifier: GPL-3.0-only
import { access } from 'node:fs/promises';
import { join } from 'node:path';
import { pathToFileURL } from 'node:url';
import { error as annotate } from '@actions/core';
import { UserError } from '../data/user-error.ts';
import { home } from '../night/home.ts';

/** `pantheon action`: runs `main.ts` of an action's folder; inputs come from the environment. */
export const actionCommand = async (room: string): Promise<void> => {
  const file = join(home, 'actions', room, 'main.ts');
  const known =
    /^[a-z][a-z0-9-]*$/.test(room) &&
    (await access(file).then(
      () => true,
      () => false,
    ));
  if (!known) throw new UserError(`there is no action "${room}" in this installation`);
  const { main } = (await import(pathToFileURL(file).href)) as { main: () => Promise<void> };
  try {
    await main();
  } catch (error) {
    if (error instanceof UserError) annotate(error.message);
    throw error;
  }
};
