// SPDX-License-Identifier: GPL-3.0-only
import { spawn } from 'node:child_process';

/** Opens a page with what the desktop opens pages with, and does not wait for it. */
export const openInBrowser = (page: string): void => {
  const opener = process.platform === 'darwin' ? 'open' : 'xdg-open';
  const child = spawn(opener, [page], { stdio: 'ignore', detached: true });
  child.on('error', () => {
    process.stderr.write(`pantheon: ${opener} is not installed; open the file above by hand.\n`);
  });
  child.unref();
};
