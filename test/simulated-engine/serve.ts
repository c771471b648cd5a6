// SPDX-License-Identifier: GPL-3.0-only
import { pathToFileURL } from 'node:url';
import { defaultSettings, type SimulatedSettings } from './settings.ts';
import { startSimulatedEngine } from './simulated-engine.ts';

/*
 * A simulated engine as a process of its own, so that it shares no event loop with what it serves:
 * `node test/simulated-engine/serve.ts '{"socket": PATH, "slots": 64, ...}'`, settings as in
 * settings.ts, `answers` the path of a module that exports `answer`. Ends with its standard input.
 */

type Given = Partial<Omit<SimulatedSettings, 'answer'>> & {
  readonly socket?: string;
  readonly answers?: string;
};

const { answers, ...settings }: Given = JSON.parse(process.argv[2] ?? '{}');
const module: { readonly answer?: SimulatedSettings['answer'] } = answers
  ? await import(pathToFileURL(answers).href)
  : {};
const engine = await startSimulatedEngine({
  ...settings,
  answer: module.answer ?? defaultSettings.answer,
});
console.log(`simulated engine at ${Object.values(engine.address)[0]}`);
process.stdin.resume().once('end', async () => {
  await engine.close();
  process.exit(0);
});
