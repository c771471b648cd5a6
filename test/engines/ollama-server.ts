// SPDX-License-Identifier: GPL-3.0-only
import { execFile } from 'node:child_process';
import { writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { promisify } from 'node:util';
import { enginesFolder, logFile, tiny } from './engines-folder.ts';
import { type ServerProcess, serverProcess } from './server-process.ts';

export const ollamaContext = 1024;

const run = promisify(execFile);

export type OllamaProcess = ServerProcess & {
  readonly url: string;
  /** Makes a model of a Modelfile's text. */
  readonly create: (model: string, modelfile: string) => Promise<void>;
};

/** Real Ollama with its cloud off, its models in `folder`; `start` gives it the model `tiny`. */
export const ollamaServer = (
  folder: string,
  port: number,
  environment: Readonly<Record<string, string>> = {},
): OllamaProcess => {
  const host = `127.0.0.1:${port}`;
  const program = join(enginesFolder(), 'ollama', 'ollama');
  const variables = { HOME: folder, OLLAMA_HOST: host };
  const url = `http://${host}`;
  const server = serverProcess({
    command: [program, 'serve'],
    environment: {
      ...variables,
      OLLAMA_MODELS: join(folder, 'models'),
      OLLAMA_NO_CLOUD: '1',
      OLLAMA_NUM_PARALLEL: '4',
      ...environment,
    },
    log: logFile('ollama'),
    ready: async () => (await fetch(`${url}/api/version`)).ok,
  });
  const create: OllamaProcess['create'] = async (model, modelfile) => {
    const file = join(folder, 'Modelfile');
    writeFileSync(file, modelfile);
    const env = { PATH: process.env.PATH, ...variables };
    await run(program, ['create', model, '-f', file], { env, timeout: 120_000 });
  };
  return {
    ...server,
    url,
    create,
    start: async () => {
      await server.start();
      await create('tiny', `FROM ${tiny().gguf}\n`);
    },
  };
};
