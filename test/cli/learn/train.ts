// SPDX-License-Identifier: GPL-3.0-only
import {
  appendFileSync,
  existsSync,
  mkdirSync,
  readdirSync,
  readFileSync,
  writeFileSync,
} from 'node:fs';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import test, { type ExecutionContext } from 'ava';
import type { Mined } from '../../../src/learn/mine/mine.ts';
import { each } from '../../each.ts';
import { mineNight, openedSpec, type SampleUnit, wrote } from '../../learn/mine/sample-nights.ts';
import { makeRepository, temporaryFolder } from '../../workspace/with-repository.ts';
import { type Ended, start } from '../with-cli.ts';

const standIn = fileURLToPath(new URL('stand-in-python.py', import.meta.url));

const config = {
  ...{ hidden_size: 8, intermediate_size: 16, num_hidden_layers: 2, num_attention_heads: 2 },
  ...{ vocab_size: 100, max_position_embeddings: 2048, architectures: ['LlamaForCausalLM'] },
};

type Lab = {
  readonly models: string;
  readonly rows: string;
  readonly state: string;
  readonly train: (mode: string, ...args: readonly string[]) => Promise<Ended>;
  readonly trainOf: (agent: string, ...args: Parameters<Lab['train']>) => Promise<Ended>;
};

const unitAt = (at: number): SampleUnit => ({ path: `f${at}.md`, steps: [wrote(`${at}`)] });

/** Rows of so many units, a base, an incumbent and a Python that stands in. */
const makeLab = async (
  t: ExecutionContext,
  units = 30,
  unitOf: (at: number) => SampleUnit = unitAt,
  decided: 'accepted' | undefined = undefined,
): Promise<Lab> => {
  const { folder } = makeRepository(t, { 'a.md': '# A\n' });
  const [models, state] = [temporaryFolder(t), temporaryFolder(t)];
  const ids = Array.from({ length: units }, (_, at) => `u${at}`);
  const { mined, out: rows } = await mineNight(
    t,
    ids.map((id, at) => openedSpec(`s${at}`, { [id]: unitOf(at) })),
    {
      decided: new Map(
        decided ? ids.map((id, at) => [`2026-11-21/s${at}/${id}`, decided] as const) : [],
      ),
    },
  );
  writeFileSync(join(rows, 'dataset.json'), JSON.stringify(mined satisfies Mined));
  for (const name of ['base', 'other']) {
    mkdirSync(join(models, name));
    writeFileSync(join(models, name, 'config.json'), JSON.stringify({ ...config, name }));
  }
  mkdirSync(join(models, 'doc@1'));
  writeFileSync(join(models, 'doc@1', 'README.md'), 'the incumbent');
  const trainOf: Lab['trainOf'] = (agent, mode, ...args) =>
    start(
      ['train', agent, '--python', standIn, '--base', 'base', '--rows', rows, ...args],
      folder,
      {
        ...{ PANTHEON_MODELS: models, PANTHEON_STATE: state, PANTHEON_NIGHT: '' },
        PANTHEON_TEST_TRAINER: mode,
      },
    );
  const train: Lab['train'] = (mode, ...args) => trainOf('doc', mode, ...args);
  return { models, rows, state, train, trainOf };
};

const there = ({ models }: Lab): readonly string[] =>
  readdirSync(models)
    .filter((name) => !name.startsWith('.'))
    .sort();

const untouched = (t: ExecutionContext, lab: Lab): void => {
  t.deepEqual(there(lab), ['base', 'doc@1', 'other']);
  t.deepEqual(readdirSync(join(lab.models, 'doc@1')), ['README.md']);
  t.is(readFileSync(join(lab.models, 'doc@1', 'README.md'), 'utf8'), 'the incumbent');
};

test('an adapter with card, configuration and digest of its rows, beside the incumbent', async (t) => {
  const lab = await makeLab(t);
  const { code, stdout, stderr } = await lab.train('', '--json', '--rank', '8');
  t.is(code, 0, stderr);
  const trained = JSON.parse(stdout);
  t.is(trained.place, join(lab.models, 'doc@2'));
  t.deepEqual(there(lab), ['base', 'doc@1', 'doc@2', 'other']);
  t.deepEqual(readdirSync(trained.place).sort(), [
    'README.md',
    'adapter.gguf',
    'adapter_config.json',
    'adapter_model.safetensors',
    'training.json',
  ]);
  const facts = JSON.parse(readFileSync(join(trained.place, 'training.json'), 'utf8'));
  t.like(facts, {
    name: 'doc@2',
    recipe: { method: 'lora', rank: 8, epochs: 3 },
    rows: { train: 60, heldOut: 0 },
    config: { max_length: 40, lora_r: 8, train_sampling_strategy: 'sequential' },
    loss: { first: 4.75, last: 2.5 },
  });
  const card = readFileSync(join(trained.place, 'README.md'), 'utf8');
  for (const text of [facts.dataset, facts.base.digest]) t.true(card.includes(text));
  t.deepEqual(readdirSync(join(lab.models, '.training')), ['doc.lock']);
});

test('an adapter whose base llama.cpp knows by no name is placed without a GGUF, and says so', async (t) => {
  const lab = await makeLab(t);
  const base = { ...config, architectures: ['MambaForCausalLM'] };
  writeFileSync(join(lab.models, 'base', 'config.json'), JSON.stringify(base));
  const { code, stdout } = await lab.train('');
  t.is(code, 0);
  const why = /MambaForCausalLM has no GGUF form here/;
  t.regex(stdout, why);
  t.regex(stdout, /in use once a profile of pantheon\.yaml has adapter: "doc@2"/);
  t.false(existsSync(join(lab.models, 'doc@2', 'adapter.gguf')));
  t.regex(readFileSync(join(lab.models, 'doc@2', 'README.md'), 'utf8'), why);
});

test('a dry run shows the configuration and leaves nothing', async (t) => {
  const lab = await makeLab(t);
  const { code, stdout, stderr } = await lab.train('dies', '--dry-run', '--rate', '5e-3');
  t.is(code, 0, stderr);
  t.regex(stdout, /^max_length: 40$/m);
  t.regex(stdout, /^learning_rate: 0\.005$/m);
  t.regex(stderr, /60 rows, 24 steps on the CPU; 540 tokens are learned in an epoch/);
  untouched(t, lab);
  t.deepEqual(readdirSync(join(lab.models, '.training')), ['doc.lock']);
});

const refused = test.macro(
  async (t, mode: string, args: readonly string[], told: RegExp, change?: (lab: Lab) => void) => {
    const lab = await makeLab(t);
    change?.(lab);
    const { code, stderr } = await lab.train(mode, ...args);
    t.is(code, 2);
    t.regex(stderr, told);
    untouched(t, lab);
  },
);

each(refused, {
  'a trainer that dies': [
    'dies',
    [],
    /ended with code 1 at 90 % \(RuntimeError: the device was lost\).*--resume/,
  ],
  'a full disk': ['disk', [], /the disk is full at 90 %\. Make room .*--resume/],
  'an adapter of another base': ['base', [], /is an adapter of \/other\/base, not of /],
  'an adapter of another rank': ['rank', [], /is an adapter of rank 4, not of rank 16/],
  'an adapter that is cut': ['cut', [], /adapter_model\.safetensors: is cut or empty/],
  'weights gone astray': ['nan', [], /ended with the loss NaN\. Nothing was put in place/],
  'a row of which nothing is learned': ['masked', [], /nothing of row 7 would be learned/],
  'a row that would be cut': ['long', [], /a row has 4000 tokens and the base reads 2048/],
  'a Python without peft': ['bare', [], /lacks peft\. Make an environment: python3 -m venv/],
  'no Python': ['', ['--python', '/nowhere/python'], /\/nowhere\/python cannot be started/],
  'four bits without a GPU': ['', ['--method', 'qlora'], /needs a GPU, and torch sees none/],
  'a rate that is not one': ['', ['--rate', '2'], /--rate: "2" is not a learning rate/],
  'an unknown method': ['', ['--method', 'dora'], /"dora" is not one of lora, qlora, full/],
  'a base that is not there': ['', ['--base', 'nothing'], /there is no model .*nothing/],
  'a dataset that has changed': [
    '',
    [],
    /steps\.train\.jsonl has changed since it was mined\. Mine again/,
    ({ rows }) => appendFileSync(join(rows, 'steps.train.jsonl'), '{}\n'),
  ],
  'a dataset without its digests': ['', ['--rows', '/nowhere'], /has no dataset\.json/],
  'nothing to go on from': ['', ['--resume'], /nothing was begun in .*Leave --resume out/],
});

test('no green trace, and fewer rows than are needed', async (t) => {
  const lab = await makeLab(t, 3);
  t.regex(
    (await lab.train('')).stderr,
    /6 rows of doc and at least 50 are needed\. Run more nights/,
  );
  const { folder } = makeRepository(t, { 'a.md': '# A\n' });
  const run = (...args: readonly string[]) =>
    start(['train', ...args, '--base', 'base'], folder, {
      ...{ PANTHEON_MODELS: lab.models, PANTHEON_STATE: lab.state, PANTHEON_NIGHT: '' },
    });
  t.regex((await run('doc')).stderr, /no night has ended yet/);
  t.regex(
    (await run('codegen', '--rows', lab.rows)).stderr,
    /no green trace of codegen is for training/,
  );
  t.regex(
    (await run('../doc', '--rows', lab.rows)).stderr,
    /"\.\.\/doc" is not the name of an agent/,
  );
  untouched(t, lab);
});

test('rows of one class teach one answer', async (t) => {
  const same = await makeLab(t, 60, (at) => ({ path: `f${at}.md`, steps: [] }));
  t.regex((await same.train('')).stderr, /all 60 rows of doc have the same answer/);
  untouched(t, same);
  const reviews = await makeLab(t, 60, unitAt, 'accepted');
  const { stderr } = await reviews.trainOf('reviewA', '');
  t.regex(stderr, /all right reviews of reviewA are of good patches/);
});

test('what died goes on from its checkpoint, as the same training alone', async (t) => {
  const lab = await makeLab(t);
  t.is((await lab.train('dies')).code, 2);
  for (const [args, told] of [
    [[], /got to .*checkpoint-4\. Go on with --resume, or remove /],
    [['--resume', '--rank', '8'], /has the rank 16, and this is 8/],
    [['--resume', '--base', 'other'], /has the base base \(sha256 \w+\), and this is other/],
  ] as const) {
    const { code, stderr } = await lab.train('', ...args);
    t.is(code, 2);
    t.regex(stderr, told);
  }
  untouched(t, lab);
  const { code, stdout, stderr } = await lab.train('', '--resume', '--json');
  t.is(code, 0, stderr);
  t.regex(stderr, /Going on from .*checkpoint-4\./);
  t.like(JSON.parse(stdout), { name: 'doc@2', loss: { first: 9.5, last: 2.5 } });
});

test('nothing is trained at night', async (t) => {
  const { folder } = makeRepository(t, { 'a.md': '# A\n' });
  const { code, stderr } = await start(['train', 'doc'], folder, { PANTHEON_NIGHT: '1' });
  t.is(code, 2);
  t.regex(stderr, /pantheon train works by day only/);
});
