// SPDX-License-Identifier: GPL-3.0-only

/** The page of the workflow run this is part of, from the environment as GitHub Actions sets it. */
export const runUrl = ({
  GITHUB_SERVER_URL: server,
  GITHUB_REPOSITORY: repository,
  GITHUB_RUN_ID: run,
}: NodeJS.ProcessEnv): string | undefined =>
  server && repository && run && /^\d+$/.test(run)
    ? `${server.replace(/\/+$/, '')}/${repository}/actions/runs/${run}`
    : undefined;
