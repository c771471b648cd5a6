// SPDX-License-Identifier: GPL-3.0-only

export default {
  extensions: ['ts'],
  files: ['test/browser/*.ts', '!test/browser/open-page.ts'],
  workerThreads: false,
  serial: true,
  timeout: '3m',
  nodeArguments: ['--disable-warning=ExperimentalWarning'],
};
