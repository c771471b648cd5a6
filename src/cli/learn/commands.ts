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
    .option('--trainer <trainer>', 'trl or axolotl', 'trl')
    .option('--rank <number>', 'of the adapter', '16')
    .option('--epochs <number>', 'how often all rows are read', '3')
    .option('--rate <number>', 'learning rate (default: 0.0002; 0.00002 of all weights)')
    .option('--python <file>', 'a Python with trl and peft', 'python3')
    .option('--resume', 'go on from the last checkpoint')
    .option('--dry-run', 'check everything and show the configuration, but train nothing')
    .option('--json', 'print JSON')
    .addHelpText(
      'after',
      `
Runs TRL (trl sft) or axolotl on the good steps of green nights, or with the dialect "decision" on what was decided
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

/** `pantheon eval`. */
export const addEval = (program: Command): void => {
  program
    .command('eval <version>')
    .description('by day: work held-out specs with a version and its incumbent')
    .option(...repoOption)
    .option('--traces <dir>', 'the folder of the nights (default: in the state folder)')
    .option('--since <time>', 'only nights since then: 24h, 7d, a date, or the name of a night')
    .option('--held-out <share>', 'the share that was held out when it was trained', '0.1')
    .option('--specs <dir>', 'a folder of specs for HEAD in the place of what was held out')
    .option('--guards <dir>', 'a folder of more guard cases for HEAD')
    .option('--profile <name>', 'a profile of pantheon.yaml (default: its "profile")')
    .option('--against <what>', 'champion, none (no adapter) or rules (default: champion, or none)')
    .option('--shadows', 'only say what nights had it work in the shadow')
    .option('--dry-run', 'only say what would be worked')
    .option('--json', 'print JSON')
    .addHelpText(
      'after',
      `
Works every held-out spec twice, on the files of the night that had it and by the flows, agents and reviewers
of today: once with the version, once with the incumbent. A spec counts as accepted when its tests are green,
both reviewers approve and no unit is left red. Guard cases are the example specs that ship, those of --guards,
and of a reviewer its exams. Nothing is published: each night has a repository and a state of its own. Run
again, it works what is missing. An agent without a number stands for its newest version here.

Examples:
  pantheon eval doc.frontmatter@3 --dry-run
  pantheon eval doc.frontmatter@3
  pantheon eval doc.frontmatter@3 --specs held-out --guards guards --against rules

Exit codes: 0 every held-out spec was worked by both, 1 some were not (or no night had a shadow), 2 a mistake to fix, 130 interrupted.`,
    )
    .action(async (version, options) => (await import('./eval.ts')).evalCommand(version, options));
};

/** `pantheon promote`. */
export const addPromote = (program: Command): void => {
  program
    .command('promote <version>')
    .description('by day: put a trained version in service where its evaluation says so')
    .option(...repoOption)
    .option('--as <alias>', 'champion, or candidate: no evaluation is asked for', 'champion')
    .option('--share <share>', "with --as candidate: the share of a night's specs that it works")
    .option('--shadow <share>', 'with --as candidate: the share that it works again in the shadow')
    .option('--least-pairs <number>', 'held-out specs that both must have worked', '20')
    .option('--most-pairs <number>', 'held-out specs beyond which no more are asked for', '200')
    .option('--looks <number>', 'how often it is looked at, should it want more specs', '3')
    .option('--least-effect <share>', 'difference of the accepted shares that counts', '0.05')
    .option('--dry-run', 'only say what it would do')
    .option('--json', 'print JSON')
    .addHelpText(
      'after',
      `
Reads what "pantheon eval" kept and answers PROMOTE, REJECT, EXTEND or INCONCLUSIVE with a code that "pantheon
explain" knows: an exact McNemar test over the pairs at 5 %, of which each of --looks looks has an equal part,
at least --least-effect better, no guard case lost, judged by just what judges today. What nights had it work in the
shadow counts as held-out specs. PROMOTE opens a pull request of registry.yaml with the evidence, signed by this
runner; nothing is in service before it is merged.

Examples:
  pantheon promote doc.frontmatter@3
  pantheon promote doc.frontmatter@3 --dry-run --json
  pantheon promote doc.frontmatter@3 --as candidate --share 0.2
  pantheon promote doc.frontmatter@3 --as candidate --shadow 0.5

Exit codes: 0 promoted (or proposed as the candidate), 1 not promoted, 2 a mistake to fix, 130 interrupted.`,
    )
    .action(async (version, options) =>
      (await import('./promote.ts')).promoteCommand(version, options),
    );
};

/** `pantheon route`. */
export const addRoute = (program: Command): void => {
  program
    .command('route <agent>')
    .description('by day: learn which version works which specs best')
    .option(...repoOption)
    .option('--traces <dir>', 'the folder of the nights (default: in the state folder)')
    .option('--since <time>', 'only nights since then: 24h, 7d, a date, or the name of a night')
    .option('--least-specs <number>', 'specs with the same chores that each of two must have', '5')
    .option('--least-pairs <number>', 'held-out specs that both must have worked', '20')
    .option('--dry-run', 'only say what it would do')
    .option('--json', 'print JSON')
    .addHelpText(
      'after',
      `
Counts how the specs of nights and of "pantheon eval" ended with each version, by the chores that they ask for,
and gives each set of chores to the version that is expected to have most accepted; the champion works the rest.
The table is judged as a version is, on evaluated specs that it was not learned from, and its regret against the
best in hindsight is told. PROMOTE opens a pull request of registry.yaml with the routes. A night picks the
version of a spec when it decides, and no other takes its place.

Examples:
  pantheon route doc.frontmatter --dry-run
  pantheon route doc.frontmatter --since 30d

Exit codes: 0 proposed, 1 not proposed, 2 a mistake to fix, 130 interrupted.`,
    )
    .action(async (agent, options) => (await import('./route.ts')).routeCommand(agent, options));
};

/** `pantheon rollback`. */
export const addRollback = (program: Command): void => {
  program
    .command('rollback <agent>')
    .description('by day: put the champion before the last one back in service')
    .option(...repoOption)
    .option('--merge', 'merge the change into the branch that is checked out')
    .addHelpText(
      'after',
      `
Opens a pull request of registry.yaml. With --merge it is in service at once, where pull requests are local
branches; on GitHub it is merged there.

Examples:
  pantheon rollback doc.frontmatter --merge`,
    )
    .action(async (agent, options) =>
      (await import('./rollback.ts')).rollbackCommand(agent, options),
    );
};
