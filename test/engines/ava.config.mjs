// SPDX-License-Identifier: GPL-3.0-only
// One file at a time: each starts a server, and two of them on two cores only slow each other down.
export default {
  extensions: ['ts'],
  files: ['test/engines/{llama,openvino,simulated,vllm,ollama}.ts'],
  workerThreads: false,
  concurrency: 1,
  timeout: '10m',
  nodeArguments: ['--disable-warning=ExperimentalWarning'],
};
