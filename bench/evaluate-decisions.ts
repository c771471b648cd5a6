// SPDX-License-Identifier: GPL-3.0-only
import { glob, readFile } from 'node:fs/promises';
import { join, resolve } from 'node:path';
import { parseArgs } from 'node:util';
import PQueue from 'p-queue';
import { decision as dialect } from '../src/agent/dialects/decision.ts';
import { envelope } from '../src/agent/dialects/envelope.ts';
import { runLoop } from '../src/agent/loop.ts';
import type { ModelAgent } from '../src/agent/registry.ts';
import { createPathVerifier } from '../src/boundary/verifier.ts';
import { shippedChores } from '../src/chore/chores.ts';
import type { OpenDecision } from '../src/chore/decide/decision.ts';
import { unitDecision } from '../src/chore/decide/unit-decision.ts';
import type { Engine } from '../src/engine/contract/engine.ts';
import { openEngine } from '../src/engine/open.ts';
import { shareOf } from '../src/morning/metrics/share-interval.ts';
import { setFrontmatter } from '../src/tool/set-frontmatter.ts';
import { contextOf, inputOf, overlayOf, runChore } from './docs/chore.ts';
import { modelAgents } from './model-agents.ts';

/*
 * How often a model picks what the rules do, over real notes and through the loop:
 * evaluate-decisions.ts --model FILE.gguf [--adapter FILE.gguf] [--notes N] [--every N] [FOLDER...].
 * A note is right where its text comes out as the rules write it, byte for byte. Beside it stands what
 * the first name each time comes to. `--dialect envelope` asks for the tool's call itself. `--at-once 1,4`
 * works all of it once with one note at a time and once with four, each on an engine of as many slots.
 */

const { values, positionals } = parseArgs({
  allowPositionals: true,
  options: {
    model: { type: 'string' },
    adapter: { type: 'string' },
    notes: { type: 'string', default: '20' },
    every: { type: 'string', default: '1' },
    wrong: { type: 'boolean', default: false },
    dialect: { type: 'string', default: 'decision' },
    'at-once': { type: 'string', default: '1' },
  },
});

const spec = {
  title: 'Normalise the notes',
  scope: '**/*.md',
  acceptance: [
    'The frontmatter of every note is normalised',
    'The body of every note is unchanged',
  ],
};

const folders =
  positionals.length > 0 ? positionals : [join(import.meta.dirname, '../../shared/corpus/docs')];
const agentName = 'doc.frontmatter';

type Tally = Record<'right' | 'wrong' | 'failed' | 'prompt' | 'written' | 'ms', number>;

const open = async (model: string, slots: number): Promise<Engine> =>
  openEngine(
    {
      ...{ engine: 'llama', model: resolve(model), dialect: 'decision', slots },
      ...(values.adapter !== undefined && { adapter: resolve(values.adapter) }),
    },
    { folder: '', setting: 'bench', chores: shippedChores },
  );

const work = async (
  path: string,
  bytes: Uint8Array,
  decided: OpenDecision,
  { agent, engine, contextTokens }: Player,
) => {
  const overlay = overlayOf({ [path]: bytes });
  const input = await inputOf(path, overlay, spec);
  const { executor, signal } = contextOf(input, overlay);
  const reach = { mayRead: () => true, mayWrite: (written: string) => written === path };
  const { outcome, messages, metrics } = await runLoop({
    agent: agent.manifest,
    limits: agent.manifest.limits,
    runtime: { temperature: 0, ...(values.adapter && { adapter: resolve(values.adapter) }) },
    dialect: values.dialect === 'envelope' ? envelope : dialect.of(decided, agent.decide ?? ''),
    tools: [setFrontmatter],
    verifier: createPathVerifier(reach),
    context: { overlay, executor, signal, paths: [path] },
    prompt: agent.prompt,
    ...{ engine, contextTokens, input, signal },
  });
  const after = Buffer.from((await overlay.read(path)) ?? []);
  return { outcome, after, messages, metrics };
};

type Player = {
  readonly agent: ModelAgent;
  readonly engine: Engine;
  readonly contextTokens: number;
};

/** What the first candidate that changes something comes to, without any model. */
const firstWritten = async (
  path: string,
  bytes: Uint8Array,
  { questions, write }: OpenDecision,
) => {
  const overlay = overlayOf({ [path]: bytes });
  const call = write(questions.flatMap(({ candidates }) => candidates.slice(0, 1)));
  if (!('args' in call)) return undefined;
  const { executor, signal } = contextOf(await inputOf(path, overlay, spec), overlay);
  const args = setFrontmatter.args.parse(call.args);
  await setFrontmatter.run(args, { overlay, executor, signal, paths: [path] });
  return Buffer.from((await overlay.read(path)) ?? []);
};

const percent = (count: number, of: number): string => {
  const share = shareOf(count, of);
  const [value, low, high] = [share?.value, share?.low, share?.high].map((part) =>
    ((part ?? 0) * 100).toFixed(0),
  );
  return `${count} of ${of} (${value} %, ${low} to ${high})`;
};

type Case = {
  readonly path: string;
  readonly bytes: Buffer;
  readonly decided: OpenDecision;
  /** What the rules write. */
  readonly wanted: Buffer;
};

/** The notes that leave something to pick; prints what the first name each time comes to. */
const casesOf = async (): Promise<readonly Case[]> => {
  const chores = await shippedChores();
  const [most, every] = [Number(values.notes), Number(values.every)];
  const cases: Case[] = [];
  let [outOfReach, first, seen] = [0, 0, 0];
  for (const folder of folders) {
    const paths = (await Array.fromAsync(glob('**/*.md', { cwd: folder }))).sort();
    for (const path of paths) {
      seen += 1;
      if (cases.length >= most || seen % every !== 0) continue;
      const bytes = await readFile(join(folder, path));
      const overlay = overlayOf({ [path]: bytes });
      const decided = await unitDecision(await inputOf(path, overlay, spec), agentName, chores);
      if ('refused' in decided) {
        outOfReach += 1;
        continue;
      }
      const wanted = (await runChore(path, bytes, spec)).after;
      cases.push({ path, bytes, decided, wanted });
      if ((await firstWritten(path, bytes, decided))?.equals(wanted)) first += 1;
    }
  }
  console.log(`${cases.length} notes, ${outOfReach} out of reach of rules and picks alike`);
  console.log(`first name each time: right ${percent(first, cases.length)}`);
  return cases;
};

/** Works all cases, that many at once; the notes a minute. */
const evaluate = async (
  engine: Engine,
  cases: readonly Case[],
  atOnce: number,
): Promise<number> => {
  const agents = await modelAgents(join(import.meta.dirname, '../actions'), [agentName]);
  const agent = agents.get(agentName);
  if (!agent) throw new Error(`there is no ${agentName}`);
  const { contextTokens = 0 } = await engine.probe();
  const tally: Tally = { right: 0, wrong: 0, failed: 0, prompt: 0, written: 0, ms: 0 };
  const workCase = async ({ path, bytes, decided, wanted }: Case): Promise<void> => {
    const start = performance.now();
    const run = await work(path, bytes, decided, { agent, engine, contextTokens });
    tally.ms += performance.now() - start;
    tally.prompt += run.metrics.promptTokens;
    tally.written += run.metrics.completionTokens;
    const failed = run.outcome.kind === 'failure' || run.outcome.output.status === 'fail';
    const right = !failed && run.after.equals(wanted);
    tally[failed ? 'failed' : right ? 'right' : 'wrong'] += 1;
    if (values.wrong && !right) {
      const texts = run.messages.slice(1).map(({ content }) => content);
      console.log(`\n${path}: ${JSON.stringify(run.outcome)}\n${texts.join('\n')}`);
    }
  };
  const began = performance.now();
  const queue = new PQueue({ concurrency: atOnce });
  await queue.addAll(cases.map((one) => () => workCase(one)));
  const minutes = (performance.now() - began) / 60_000;
  const { right, wrong, failed, prompt, written, ms } = tally;
  const count = cases.length;
  console.log(
    `model: right ${percent(right, count)}, ${wrong} wrong, ${failed} declined or failed`,
  );
  console.log(
    `${(prompt / count).toFixed(0)} prompt tokens and ${(ms / count / 1000).toFixed(2)} s a note; ${atOnce} at once: ${(count / minutes).toFixed(0)} notes a minute, ${((prompt + written) / minutes / 60).toFixed(0)} tokens/s (${(written / minutes / 60).toFixed(0)} written)`,
  );
  return count / minutes;
};

const cases = await casesOf();
if (values.model !== undefined) {
  const paces: number[] = [];
  for (const atOnce of values['at-once'].split(',').map(Number)) {
    const engine = await open(values.model, atOnce);
    try {
      paces.push(await evaluate(engine, cases, atOnce));
    } finally {
      await engine.close();
    }
  }
  const [alone = 0, ...others] = paces;
  for (const pace of others) console.log(`${(pace / alone).toFixed(2)} times as many notes`);
}
