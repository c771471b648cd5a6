// SPDX-License-Identifier: GPL-3.0-only

export default {
  extensions: ['ts'],
  files: ['test/training/{labels,adapter,axolotl,smollm2,demo}.ts'],
  workerThreads: false,
  serial: true,
  timeout: '20m',
  nodeArguments: ['--disable-warning=ExperimentalWarning'],
};
