// SPDX-License-Identifier: GPL-3.0-only
import { ForgeFault } from '../forge-fault.ts';
import { permissionSchema } from './answers.ts';
import { type GithubContext, githubRoutes } from './github-context.ts';

/** Whether somebody may write to the repository; asked once per person. @throws ForgeFault. */
export const openPermissions = ({ client }: GithubContext) => {
  const answers = new Map<string, Promise<boolean>>();
  return (username: string): Promise<boolean> => {
    const asked =
      answers.get(username) ??
      client.call(githubRoutes.permission, { username }, permissionSchema).then(
        ({ permission }) => permission === 'admin' || permission === 'write',
        (error: unknown) => {
          // Somebody who is not a collaborator, or whose account is gone.
          if (error instanceof ForgeFault && error.status === 404) return false;
          throw error;
        },
      );
    answers.set(username, asked);
    return asked;
  };
};

export type MayWrite = ReturnType<typeof openPermissions>;
