// SPDX-License-Identifier: GPL-3.0-only

export default {
  extensions: ['ts'],
  files: ['test/sandbox/sandbox.ts'],
  workerThreads: false,
  timeout: '5m',
  nodeArguments: ['--disable-warning=ExperimentalWarning'],
};
