// SPDX-License-Identifier: GPL-3.0-only
import { codeSpan } from '../../markdown/inline.ts';
import { ggufName } from './convert-adapter.ts';
import type { Recipe } from './recipe.ts';

/** All that is known about a training: `training.json`, and its card. */
export type TrainingFacts = {
  /** `agent@number` */
  readonly name: string;
  readonly agent: string;
  readonly base: { readonly name: string; readonly digest: string };
  readonly recipe: Recipe;
  /** sha256 over the files of the mined dataset. */
  readonly dataset: string;
  /** Specs that were learned from, by id. */
  readonly specs: readonly string[];
  readonly rows: { readonly train: number; readonly heldOut: number };
  /** Of the longest row. */
  readonly tokens: number;
  /** Tokens that were learned in each epoch. */
  readonly labels: number;
  /** Of the first and of the last step. */
  readonly loss: { readonly first: number; readonly last: number };
  /** Why an adapter has no GGUF beside its weights; left out where it has one. */
  readonly noGguf?: string;
  readonly versions: Readonly<Record<string, string>>;
  /** As the trainer was given it. */
  readonly config: Readonly<Record<string, unknown>>;
};

/** The card of an adapter as Markdown. */
export const adapterCard = (facts: TrainingFacts): string => {
  const { name, agent, base, recipe, rows, loss, versions } = facts;
  const { method, rank, epochs } = recipe;
  const kind = method === 'full' ? 'All weights' : `A LoRA adapter of rank ${rank} (${method})`;
  return [
    '---',
    `library_name: ${method === 'full' ? 'transformers' : 'peft'}`,
    '---',
    '',
    `# ${name}`,
    '',
    `${kind} for the agent ${codeSpan(agent)}, made by ${codeSpan('pantheon train')} from what nights did well.`,
    `How it compares with what it is to replace: ${codeSpan(`pantheon eval ${name}`)}.`,
    '',
    '| | |',
    '| --- | --- |',
    `| base | ${codeSpan(base.name)}, sha256 ${base.digest} |`,
    `| dataset | sha256 ${facts.dataset} |`,
    `| rows | ${rows.train} for training, ${rows.heldOut} held out |`,
    `| tokens | ${facts.labels} learned in each of ${epochs} epochs; ${facts.tokens} in the longest row, none cut |`,
    `| loss | ${loss.first} at the first step, ${loss.last} at the last |`,
    ...(method === 'full' ? [] : [`| GGUF | ${ggufLine(facts)} |`]),
    `| made with | ${[recipe.trainer, 'transformers', 'peft', 'torch'].map((tool) => `${tool} ${versions[tool] ?? 'unknown'}`).join(', ')} |`,
    '',
    `The configuration of the trainer is in ${codeSpan('training.json')}.`,
    '',
  ].join('\n');
};

const ggufLine = ({ noGguf }: TrainingFacts): string =>
  noGguf === undefined
    ? `${codeSpan(ggufName)}: the same at half precision, for llama.cpp`
    : `none: ${codeSpan(noGguf)}`;
