// SPDX-License-Identifier: GPL-3.0-only
import { availableParallelism } from 'node:os';
import type { Runtime } from '../../../config/schema.ts';
import { countNoun } from '../../../data/count-noun.ts';
import type { Check } from '../../contract/engine.ts';
import { trainedContextCheck, usedTemplateCheck } from '../../local/model-checks.ts';
import type { ModelPool } from './model-pool.ts';

const mebibytes = (bytes: number): string => `${Math.ceil(bytes / 2 ** 20)} MiB`;

/** What a probe tells of an open model, for a person to read. */
export const poolChecks = (
  { facts, layout }: Pick<ModelPool, 'facts' | 'layout'>,
  setting: string,
  template: Runtime['template'],
): readonly Check[] => {
  const { contextTokens, trainedTokens, bytesPerToken, rates } = facts;
  const cache = layout.slots * contextTokens * bytesPerToken;
  const free = process.availableMemory();
  const memory = `${mebibytes(facts.modelBytes)} of weights, ${mebibytes(cache)} for prompts, ${mebibytes(free)} left`;
  const fix = `lower ${setting}.slots or ${setting}.contextTokens`;
  const measured = rates
    .map(({ threads, tokensPerSecond }) => `${Math.round(tokensPerSecond)} with ${threads}`)
    .join(', ');
  return [
    {
      name: 'installed',
      state: 'ok',
      detail: `node-llama-cpp ${facts.version} on ${facts.gpu ?? 'the CPU'}`,
    },
    { name: 'local', state: 'ok', detail: 'in processes of this machine, without a network' },
    trainedContextCheck(contextTokens, trainedTokens, setting),
    usedTemplateCheck(facts.template, template, setting),
    {
      name: 'slots',
      detail: `${layout.slots} in ${countNoun(layout.processes, 'process').replace('processs', 'processes')} with ${countNoun(layout.threads, 'thread')} each${measured && `; measured tokens per second by threads: ${measured}`}`,
      ...coresCheck(layout, setting),
    },
    free < 2 ** 28
      ? { name: 'memory', state: 'warn', detail: memory, fix }
      : { name: 'memory', state: 'ok', detail: memory },
  ];
};

/** Threads that wait for each other's core take many times as long. */
const coresCheck = (
  { processes, threads }: ModelPool['layout'],
  setting: string,
): Pick<Check, 'state' | 'fix'> => {
  const cores = availableParallelism();
  return processes * threads <= cores
    ? { state: 'ok' }
    : {
        state: 'warn',
        fix: `lower ${setting}.threads or ${setting}.processes: this machine has ${countNoun(cores, 'core')}`,
      };
};
