// SPDX-License-Identifier: GPL-3.0-only
import type { Command } from 'commander';
import { repoOption } from '../shared/repo-option.ts';

/** `pantheon mine`. */
export const addMine = (program: Command): void => {
  program
    .command('mine')
    .description('make training rows of what nights did well')
    .option(...repoOption)
    .option('--traces <dir>', 'the folder of the nights (default: in the state folder)')
    .option('--since <time>', 'only nights since then: 24h, 7d, a date, or the name of a night')
    .option('--agent <name>', 'only rows of this agent: its name, or name@version')
    .option('--out <dir>', 'an empty or a new folder for the rows')
    .option('--held-out <share>', 'the share of specs and their files that is held out', '0.1')
    .option('--licence <id>', 'the licence for the card, as the Hub writes it', 'other')
    .option('--dry-run', 'only count what would be written')
    .option('--json', 'print JSON')
    .addHelpText(
      'after',
      `
Learned from are units whose tests passed, whose patch two reviewers approved and that no person rejected;
and reviews that an exam or a person has labelled. Writes JSON lines that trainers load as they are, and a
card with counts, digests and an audit of what is trained on. The same bundles give the same bytes.

Examples:
  pantheon mine --dry-run                        what there is
  pantheon mine --out rows
  pantheon mine --out rows --since 2026-11-01 --agent doc.frontmatter --held-out 0.2

Exit codes: 0 there are rows, 1 there are none, 2 a mistake to fix.`,
    )
    .action(async (options) => (await import('./mine.ts')).mineCommand(options));
};

/** `pantheon train`. */
export const addTrain = (program: Command): void => {
  program
    .command('train <agent>')
    .description('by day: train an adapter for an agent on what nights did well')
    .option(...repoOption)
    .option('--traces <dir>', 'the folder of the nights (default: in the state folder)')
    .option('--since <time>', 'only nights since then: 24h, 7d, a date, or the name of a night')
    .option('--rows <dir>', 'rows of "pantheon mine --out" (default: they are mined now)')
    .option('--held-out <share>', 'the share of specs and their files that is held out', '0.1')
    .option('--base <model>', "a folder in Hugging Face's layout (default: the agent's model)")
    .option(
      '--dialect <dialect>',
      'how it is asked: envelope or qwen (conversations), or decision (picks); default: as the profile says',
    )
    .option('--method <method>', 'lora, qlora (weights at four bits, on a GPU) or full', 'lora')
    .option('--rank <number>', 'of the adapter', '16')
    .option('--epochs <number>', 'how often all rows are read', '3')
    .option('--python <file>', 'a Python with trl and peft', 'python3')
    .option('--resume', 'go on from the last checkpoint')
    .option('--dry-run', 'check everything and show the configuration, but train nothing')
    .option('--json', 'print JSON')
    .addHelpText(
      'after',
      `
Runs TRL (trl sft) on the good steps of green nights, or with the dialect "decision" on what was decided
in them, easy ones first. Checks first: the Python, at least 50
rows with more than one answer, that every row is learned whole, memory and disk. The adapter goes into the
models folder as AGENT@N with its card, in one move once it is whole; no other is touched and no profile is
changed. The weights and all tools are yours: nothing is fetched.

Examples:
  pantheon train doc.frontmatter --dry-run
  pantheon train doc.frontmatter --base qwen3-8b --method qlora --python ~/train/bin/python
  pantheon train review.peer --rows rows --base qwen3-8b --rank 8
  pantheon train doc.frontmatter --base qwen3-8b --method qlora --resume

Exit codes: 0 trained, 2 something is in the way, 130 interrupted.`,
    )
    .action(async (agent, options) => (await import('./train.ts')).trainCommand(agent, options));
};
