// SPDX-License-Identifier: GPL-3.0-only

export default {
  extensions: ['ts'],
  files: ['test/runner-setup/{setup,ways-out}.ts'],
  workerThreads: false,
  serial: true,
  concurrency: 1,
  timeout: '2m',
  nodeArguments: ['--disable-warning=ExperimentalWarning'],
};
