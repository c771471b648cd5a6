// SPDX-License-Identifier: GPL-3.0-only
import { batch, type Method, type Recipe } from './recipe.ts';

/** What a trainer's configuration is made of. */
export type ConfigFacts = Omit<Recipe, 'trainer'> & {
  /** Absolute path of a folder in Hugging Face's layout. */
  readonly base: string;
  /** A folder with `train.jsonl` and, where rows are held out, `test.jsonl`. */
  readonly rows: string;
  readonly out: string;
  /** Of the longest row; a trainer cuts what is longer. */
  readonly tokens: number;
  readonly steps: number;
  readonly hasHeldOut: boolean;
  readonly onGpu: boolean;
};

/** Peak learning rates: LoRA Without Regret, https://thinkingmachines.ai/blog/lora/, has ten times that of all weights. */
export const learningRate: Readonly<Record<Method, number>> = {
  lora: 2e-4,
  qlora: 2e-4,
  full: 2e-5,
};

/** Steps between two checkpoints: three evaluations and at least as many places to go on from, whatever the length. */
export const savesEvery = (steps: number): number =>
  Math.max(1, Math.min(200, Math.ceil(steps / 3)));

/** Keys of `trl sft --config`, https://huggingface.co/docs/trl/sft_trainer */
export const trlConfig = (facts: ConfigFacts): Readonly<Record<string, unknown>> => {
  const { method, rank, steps, hasHeldOut, onGpu, rate = learningRate[method] } = facts;
  const dtype = onGpu ? 'bfloat16' : 'float32';
  const every = savesEvery(steps);
  return {
    model_name_or_path: facts.base,
    dataset_name: facts.rows,
    output_dir: facts.out,
    max_length: facts.tokens,
    completion_only_loss: true,
    // Rows are in the order of the curriculum.
    train_sampling_strategy: 'sequential',
    num_train_epochs: facts.epochs,
    per_device_train_batch_size: 1,
    per_device_eval_batch_size: 1,
    gradient_accumulation_steps: batch,
    learning_rate: rate,
    lr_scheduler_type: 'cosine',
    dtype,
    bf16: onGpu,
    ...(!onGpu && { use_cpu: true }),
    ...(method !== 'full' && {
      use_peft: true,
      lora_r: rank,
      lora_alpha: 16,
      lora_dropout: 0,
      lora_target_modules: ['all-linear'],
    }),
    ...(method === 'qlora' && {
      load_in_4bit: true,
      bnb_4bit_quant_type: 'nf4',
      use_bnb_nested_quant: true,
    }),
    save_strategy: 'steps',
    save_steps: every,
    save_total_limit: 2,
    ...(hasHeldOut && { eval_strategy: 'steps', eval_steps: every }),
    logging_steps: 1,
    disable_tqdm: true,
    report_to: 'none',
    seed: 0,
  };
};
