// SPDX-License-Identifier: GPL-3.0-only
import { glob, readFile } from 'node:fs/promises';
import { join, resolve } from 'node:path';
import { parseArgs } from 'node:util';
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
 * the first name each time comes to. `--dialect envelope` asks for the tool's call itself.
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

type Tally = { right: number; wrong: number; failed: number; promptTokens: number; ms: number };

const open = async (model: string): Promise<Engine> =>
  openEngine(
    {
      ...{ engine: 'llama', model: resolve(model), dialect: 'decision', slots: 1 },
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

const evaluate = async (engine: Engine | undefined): Promise<void> => {
  const agent = (await modelAgents(join(import.meta.dirname, '../actions'), [agentName])).get(
    agentName,
  );
  if (!agent) throw new Error(`there is no ${agentName}`);
  const contextTokens = (await engine?.probe())?.contextTokens ?? 0;
  const chores = await shippedChores();
  const tally: Tally = { right: 0, wrong: 0, failed: 0, promptTokens: 0, ms: 0 };
  const [most, every] = [Number(values.notes), Number(values.every)];
  let [asked, outOfReach, first, seen] = [0, 0, 0, 0];
  for (const folder of folders) {
    const paths = (await Array.fromAsync(glob('**/*.md', { cwd: folder }))).sort();
    for (const path of paths) {
      seen += 1;
      if (asked >= most || seen % every !== 0) continue;
      const bytes = await readFile(join(folder, path));
      const overlay = overlayOf({ [path]: bytes });
      const decided = await unitDecision(await inputOf(path, overlay, spec), agentName, chores);
      if ('refused' in decided) {
        outOfReach += 1;
        continue;
      }
      asked += 1;
      const rules = await runChore(path, bytes, spec);
      if ((await firstWritten(path, bytes, decided))?.equals(rules.after)) first += 1;
      if (!engine) continue;
      const start = performance.now();
      const run = await work(path, bytes, decided, { agent, engine, contextTokens });
      tally.ms += performance.now() - start;
      tally.promptTokens += run.metrics.promptTokens;
      const failed = run.outcome.kind === 'failure' || run.outcome.output.status === 'fail';
      const right = !failed && run.after.equals(rules.after);
      tally[failed ? 'failed' : right ? 'right' : 'wrong'] += 1;
      if (values.wrong && !right) {
        const texts = run.messages.slice(1).map(({ content }) => content);
        console.log(`\n${path}: ${JSON.stringify(run.outcome)}\n${texts.join('\n')}`);
      }
    }
  }
  console.log(`${asked} notes, ${outOfReach} out of reach of rules and picks alike`);
  console.log(`first name each time: right ${percent(first, asked)}`);
  if (!engine) return;
  const { right, wrong, failed, promptTokens, ms } = tally;
  console.log(
    `model: right ${percent(right, asked)}, ${wrong} wrong, ${failed} declined or failed`,
  );
  console.log(
    `${(promptTokens / asked).toFixed(0)} prompt tokens and ${(ms / asked / 1000).toFixed(2)} s a note`,
  );
};

const engine = values.model === undefined ? undefined : await open(values.model);
try {
  await evaluate(engine);
} finally {
  await engine?.close();
}
