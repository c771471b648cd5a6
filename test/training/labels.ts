// SPDX-License-Identifier: GPL-3.0-only
import { execFile } from 'node:child_process';
import { writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { promisify } from 'node:util';
import test, { type ExecutionContext } from 'ava';
import { stringify } from 'yaml';
import { mineNotes } from '../learn/mine/decision-nights.ts';
import { temporaryFolder } from '../workspace/with-repository.ts';
import { mineManyUnits } from './mined-nights.ts';

const { PANTHEON_TRAINING_PYTHON: python = 'python3', PANTHEON_SKIP_TRAINING } = process.env;
const { PANTHEON_TOKENIZERS: tokenizers = '' } = process.env;
const suite = PANTHEON_SKIP_TRAINING ? test.skip : test;
const program = fileURLToPath(new URL('count.py', import.meta.url));
const source = fileURLToPath(new URL('../../src/learn/train', import.meta.url));
const bases = ['smollm2', 'qwen3'] as const;

type Counted = {
  readonly error?: string;
  readonly rows: readonly {
    readonly tokens: number;
    readonly labels: number;
    readonly text: string;
  }[];
};

/** What TRL makes of files of rows, by name: each with a configuration as its command line reads it. */
const countAll = async (
  t: ExecutionContext,
  jobs: Readonly<Record<string, readonly [base: string, settings: object]>>,
): Promise<Readonly<Record<string, Counted>>> => {
  const folder = temporaryFolder(t);
  const configs = Object.entries(jobs).map(([name, [base, settings]]) => {
    const [path, model_name_or_path] = [join(folder, `${name}.yaml`), join(tokenizers, base)];
    const shared = { model_name_or_path, output_dir: join(folder, 'out'), report_to: 'none' };
    writeFileSync(path, stringify({ ...shared, ...settings }));
    return [name, [path, model_name_or_path]];
  });
  const asked = promisify(execFile)(python, [program, source], {
    env: { ...process.env, HF_HUB_OFFLINE: '1', HF_HOME: folder, PYTHONDONTWRITEBYTECODE: '1' },
    maxBuffer: 2 ** 26,
  });
  asked.child.stdin?.end(JSON.stringify(Object.fromEntries(configs)));
  return JSON.parse((await asked).stdout.trimEnd().split('\n').at(-1) ?? '');
};

const fileOf = (out: string, name: string, columns: readonly string[]) => ({
  datasets: [{ path: 'json', data_files: join(out, name), columns }],
});

suite('TRL learns of each row what the model said, whole, by templates of two models', async (t) => {
  const { rows, out } = await mineManyUnits(t);
  const steps = rows['steps.train.jsonl'] ?? [];
  const chats = rows['messages.train.jsonl'] ?? [];
  const asSteps = fileOf(out, 'steps.train.jsonl', [
    ...['prompt', 'completion', 'chat_template_kwargs'],
  ]);
  const asChats = {
    ...fileOf(out, 'messages.train.jsonl', ['messages', 'tools']),
    assistant_only_loss: true,
  };
  const counted = await countAll(t, {
    ...Object.fromEntries(bases.map((base) => [`${base}-steps`, [base, asSteps]] as const)),
    ...Object.fromEntries(bases.map((base) => [`${base}-chats`, [base, asChats]] as const)),
  });
  t.true(steps.length > 30);
  for (const base of bases) {
    const result = counted[`${base}-steps`];
    t.is(result?.error, undefined, base);
    t.is(result?.rows.length, steps.length);
    const said = steps.map(
      ({ completion }) => (completion as readonly { readonly content: string }[])[0]?.content,
    );
    t.deepEqual(
      result?.rows.map(({ text }) => text),
      said.map((text) => `${text}<|im_end|>\n`),
    );
    // Else the default limit of TRL would not have been above it, and nothing be shown.
    t.true(Math.max(...(result?.rows ?? []).map(({ tokens }) => tokens)) > 1024);
  }
  const { rows: learned = [], error } = counted['qwen3-chats'] ?? {};
  t.is(error, undefined);
  t.is(learned.length, chats.length);
  for (const [at, { labels, text }] of learned.entries()) {
    t.true(labels > 0);
    const { messages } = chats[at] as { readonly messages: readonly { readonly role: string }[] };
    const answers = messages.filter(({ role }) => role === 'assistant').length;
    t.is(text.split('<|im_end|>').length - 1, answers, `${at}`);
  }
  // Its template leaves calls out: what would be learned of them is the end of the turn alone.
  t.log(counted['smollm2-chats']?.error, Object.keys(counted));
  t.regex(counted['smollm2-chats']?.error ?? '', /template/);
});

suite('TRL learns of each decision the picks, by templates of two models', async (t) => {
  const notes = Array.from({ length: 12 }, (_, at) => ({
    path: `n${at}.md`,
    text: at % 3 === 0 ? `It is #tag${at}.\n` : `# Note “${at}” – ü\n\nIt is #tag${at}.\n`,
  }));
  const { rows, out } = await mineNotes(t, notes);
  const decisions = rows['decisions.train.jsonl'] ?? [];
  const columns = ['prompt', 'completion', 'chat_template_kwargs'];
  const asked = fileOf(out, 'decisions.train.jsonl', columns);
  const counted = await countAll(
    t,
    Object.fromEntries(bases.map((base) => [base, [base, asked]] as const)),
  );
  t.is(decisions.length, notes.length);
  for (const base of bases) {
    t.is(counted[base]?.error, undefined, base);
    const answers = notes.map(
      (_, at) => `{"title":"${at % 3 === 0 ? 'file name' : 'heading'}","tags":"with hashtags"}`,
    );
    t.deepEqual(
      counted[base]?.rows.map(({ text }) => text).sort(),
      answers.map((text) => `${text}<|im_end|>\n`).sort(),
    );
  }
});
