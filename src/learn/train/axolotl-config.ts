// SPDX-License-Identifier: GPL-3.0-only
import { isDeepStrictEqual } from 'node:util';
import { UserError } from '../../data/user-error.ts';
import type { TrainingStep } from './read-rows.ts';
import { batch } from './recipe.ts';
import { type ConfigFacts, learningRate, savesEvery } from './trl-config.ts';

/** Keys of `axolotl train FILE`, https://docs.axolotl.ai/docs/config-reference.html, for rows of `axolotlRow`. */
export const axolotlConfig = (
  facts: ConfigFacts,
  templateArguments: TrainingStep['chat_template_kwargs'],
): Readonly<Record<string, unknown>> => {
  const { method, rank, steps, hasHeldOut, onGpu } = facts;
  const every = savesEvery(steps);
  const dataset = (name: string) => ({
    ...{ path: `${facts.rows}/${name}.jsonl`, ds_type: 'json', split: 'train' },
    ...{ type: 'chat_template', field_messages: 'messages', roles_to_train: [] },
    ...{ message_field_training: 'training', train_on_eos: 'turn' },
  });
  return {
    base_model: facts.base,
    datasets: [dataset('train')],
    ...(hasHeldOut && { test_datasets: [dataset('test')] }),
    ...(Object.keys(templateArguments).length > 0 && { chat_template_kwargs: templateArguments }),
    dataset_prepared_path: `${facts.out}-rows`,
    output_dir: facts.out,
    sequence_len: facts.tokens,
    excess_length_strategy: 'raise',
    sample_packing: false,
    // Rows are in the order of the curriculum.
    curriculum_sampling: true,
    num_epochs: facts.epochs,
    micro_batch_size: 1,
    eval_batch_size: 1,
    gradient_accumulation_steps: batch,
    learning_rate: facts.rate ?? learningRate[method],
    lr_scheduler: 'cosine',
    optimizer: 'adamw_torch',
    bf16: onGpu,
    ...(method !== 'full' && {
      adapter: method,
      lora_r: rank,
      lora_alpha: 16,
      lora_dropout: 0,
      lora_target_linear: true,
    }),
    // Its kernels of its own are for a GPU.
    ...(!onGpu && { lora_mlp_kernel: false, lora_qkv_kernel: false, lora_o_kernel: false }),
    ...(method === 'qlora' && { load_in_4bit: true }),
    save_strategy: 'steps',
    save_steps: every,
    save_total_limit: 2,
    ...(hasHeldOut && { eval_strategy: 'steps', eval_steps: every }),
    logging_steps: 1,
    seed: 0,
  };
};

/** A row as axolotl's strategy `chat_template` reads it: what is learned is marked, message by message. */
export const axolotlRow = ({ prompt, completion }: TrainingStep): object => ({
  messages: [
    ...prompt.map((message) => ({ ...message, training: false })),
    ...completion.map((message) => ({ ...message, training: true })),
  ],
});

/** The chat template's arguments of all rows: axolotl takes one set. @throws UserError where rows differ in them. */
export const sharedTemplateArguments = (
  rows: readonly TrainingStep[],
): TrainingStep['chat_template_kwargs'] => {
  const shared = rows[0]?.chat_template_kwargs ?? {};
  if (rows.every((row) => isDeepStrictEqual(row.chat_template_kwargs, shared))) return shared;
  throw new UserError(
    '--trainer axolotl: rows differ in the arguments of their chat template, and axolotl takes one set. Use --trainer trl',
  );
};
