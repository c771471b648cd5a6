// SPDX-License-Identifier: GPL-3.0-only
import { createWriter, type Writer } from './answers.ts';
import { importLibrary, missingPart } from './library.ts';
import type { FromPipeline, ToPipeline } from './messages.ts';
import { DeviceMissing, NoTemplate, openPipeline } from './open-pipeline.ts';

/*
 * One process of the openvino engine: it holds the model and answers what its parent asks. A crash
 * of the native code ends this process and no other.
 */

/** Between two words of progress [ms]. */
const progressEvery = 100;

let writer: Writer | undefined;
/** Whether those that run were told to stop. */
const stopped = new Map<number, boolean>();

const say = (message: FromPipeline): void => {
  process.send?.(message);
};

/** OpenVINO's errors say first where they were thrown, line by line, and last what is wrong. */
const reasonOf = (error: unknown): string => {
  const message = error instanceof Error ? error.message : String(error);
  const lines = message
    .replace(/^performInferenceThread error\. /, '')
    .split('\n')
    .filter((line) => line.trim() !== '');
  const said = lines.filter((line) => !/^(Exception from|Check ')/.test(line));
  return said.at(0) ?? lines.at(-1) ?? 'without a reason';
};

const open = async (asked: Extract<ToPipeline, { kind: 'open' }>): Promise<void> => {
  const refuse = (about: Extract<FromPipeline, { kind: 'refused' }>['about'], error: unknown) =>
    say({ kind: 'refused', about, reason: reasonOf(error) });
  const library = await importLibrary(asked.library).catch((error: unknown) =>
    refuse(missingPart(error), error),
  );
  if (!library) return;
  try {
    const opened = await openPipeline(library, asked);
    writer = createWriter(opened);
    say({ kind: 'opened', facts: opened.facts });
  } catch (error) {
    const about =
      error instanceof DeviceMissing
        ? 'device'
        : error instanceof NoTemplate
          ? 'template'
          : 'model';
    refuse(about, error);
  }
};

const whileOpen = (): Writer => {
  if (!writer) throw new Error('the model is not loaded');
  return writer;
};

const reply = async (id: number, work: () => Promise<FromPipeline>): Promise<void> => {
  try {
    say(await work());
  } catch (error) {
    say({ kind: 'fault', id, reason: reasonOf(error) });
  }
};

const ask = async ({ id, batch }: Extract<ToPipeline, { kind: 'ask' }>): Promise<void> => {
  stopped.set(id, false);
  const watch = watchWork(() => say({ kind: 'progress', id }));
  await reply(id, async () => ({
    kind: 'answers',
    id,
    answers: await whileOpen().write(batch, () => stopped.get(id) === true),
  }));
  stopped.delete(id);
  clearInterval(watch);
};

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
    if (used > progressEvery * 50) onProgress();
  }, progressEvery);
};

process.on('message', (message: ToPipeline) => {
  if (message.kind === 'open') void open(message);
  else if (message.kind === 'ask') void ask(message);
  else if (message.kind === 'stop') {
    if (stopped.has(message.id)) stopped.set(message.id, true);
  } else {
    const { id, messages, prefill } = message;
    void reply(id, async () => ({
      kind: 'counted',
      id,
      tokens: whileOpen().count(messages, prefill),
    }));
  }
});
process.on('disconnect', () => process.exit());
