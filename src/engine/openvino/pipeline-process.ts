// SPDX-License-Identifier: GPL-3.0-only
import { messageOf } from '../../data/message-of.ts';
import { answerCalls } from '../local/answer-calls.ts';
import { Refusal } from '../local/calls.ts';
import { type AnswerWriter, createWriter } from './answers.ts';
import { importLibrary, missingPart } from './library.ts';
import { openPipeline } from './open-pipeline.ts';
import type { PipelineCalls, PipelineRefusal } from './pipeline-calls.ts';

/*
 * One process of the openvino engine: it has the model and answers what its parent asks. A crash of
 * the native code ends this process and no other.
 */

let writer: AnswerWriter | undefined;

/** What OpenVINO calls a request for which the cache of keys and values had no room. */
const noRoom = /unfinished GenerationStatus/;

/** OpenVINO's errors say first where they were thrown, line by line, and last what is wrong. */
const reasonOf = (error: unknown): string => {
  const message = messageOf(error);
  if (noRoom.test(message)) {
    return 'there is no room for the prompts; lower slots or contextTokens';
  }
  const lines = message
    .replace(/^performInferenceThread error\. /, '')
    .split('\n')
    .filter((line) => line.trim() !== '');
  const said = lines.filter((line) => !/^(Exception from|Check ')/.test(line));
  return said.at(0) ?? lines.at(-1) ?? 'without a reason';
};

const refusing =
  (aboutOf: (error: unknown) => PipelineRefusal) =>
  (error: unknown): never => {
    if (error instanceof Refusal) throw error;
    throw new Refusal(aboutOf(error), reasonOf(error), { cause: error });
  };

const whileOpen = (): AnswerWriter => {
  if (!writer) throw new Error('the model is not loaded');
  return writer;
};

/** How often it is looked at whether the native part computes [ms]. */
const watchEvery = 100;

/**
 * Tells of progress as long as the native part computes: of a batch it says nothing before the end.
 * A twentieth of a core tells it from a process that only waits.
 */
const watchWork = (onProgress: () => void): NodeJS.Timeout => {
  let before = process.cpuUsage();
  return setInterval(() => {
    const now = process.cpuUsage();
    const used = now.user + now.system - before.user - before.system;
    before = now;
    if (used > watchEvery * 50) onProgress();
  }, watchEvery);
};

const calls: PipelineCalls = {
  open: async (asked) => {
    const library = await importLibrary(asked.library).catch(refusing(missingPart));
    const opened = await openPipeline(library, asked).catch(refusing(() => 'model'));
    writer = createWriter(opened);
    return opened.facts;
  },
  answer: async (batch, { signal, onProgress }) => {
    const watch = watchWork(onProgress);
    try {
      return await whileOpen().write(batch, () => signal.aborted);
    } finally {
      clearInterval(watch);
    }
  },
  count: ({ messages, prefill }) => whileOpen().count(messages, prefill),
};
answerCalls(calls, reasonOf);
