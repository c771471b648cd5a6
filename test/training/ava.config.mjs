// SPDX-License-Identifier: GPL-3.0-only

export default {
  extensions: ['ts'],
  files: ['test/training/labels.ts'],
  workerThreads: false,
  serial: true,
  timeout: '10m',
  nodeArguments: ['--disable-warning=ExperimentalWarning'],
};
