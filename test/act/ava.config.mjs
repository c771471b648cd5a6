// SPDX-License-Identifier: GPL-3.0-only

export default {
  extensions: ['ts'],
  files: ['test/act/*.ts', '!test/act/run-act.ts'],
  workerThreads: false,
  serial: true,
  timeout: '20m',
  nodeArguments: ['--disable-warning=ExperimentalWarning'],
};
