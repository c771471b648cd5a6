// SPDX-License-Identifier: GPL-3.0-only

export default {
  extensions: ['ts'],
  files: ['test/traces/*.ts'],
  workerThreads: false,
  serial: true,
  timeout: '5m',
  nodeArguments: ['--disable-warning=ExperimentalWarning'],
};
