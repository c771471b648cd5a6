// SPDX-License-Identifier: GPL-3.0-only
import { join } from 'node:path';
import { judgeCase, readCases } from '../boundary/rules/cases.ts';
import type { RuleBook } from '../boundary/rules/rule-book.ts';
import { type CallRuling, describeDenial } from '../boundary/verifier.ts';
import type { Config } from '../config/schema.ts';
import { countNoun } from '../data/count-noun.ts';
import { installationFolder } from '../data/installation.ts';
import { printableLines } from '../data/printable.ts';
import { readSource } from '../data/read-source.ts';
import { readBaseFile } from '../night/open/base-files.ts';
import { committedRules } from '../night/open/open-setup.ts';
import { rulesFolder } from '../night/open/own-rules.ts';
import { readCommit } from '../night/open/read-commit.ts';
import { readNight } from '../night/record/night-folder.ts';
import { type PassedOver, proposalsOf } from '../night/recorded-nights.ts';
import { recordedProposals } from '../night/recorded-proposals.ts';
import { formatAddress } from '../trace/bundle.ts';
import { type BaseTree, openBaseTree } from '../workspace/base-tree.ts';
import { decidedNights, type TraceArguments } from './shared/nights.ts';
import { locate } from './shared/state.ts';
import { commitWorkingTree } from './shared/working-tree-commit.ts';
import { readBundle } from './trace/command.ts';

export type JsonOption = { readonly json?: true };

/** Prints a value as JSON, or as lines for a person. */
export const print = ({ json }: JsonOption, value: unknown, lines: readonly string[]): void => {
  const text = json ? JSON.stringify(value, null, 2) : printableLines(lines.join('\n'));
  process.stdout.write(`${text}\n`);
};

const say = (ruling: CallRuling): string => (ruling.allow ? 'allowed' : describeDenial(ruling));

/** The rules as they lie in the checkout. @throws UserError for what is not a rule. */
const withRules = async <Result>(
  repo: string,
  work: (rules: RuleBook, base: BaseTree, root: string, config: Config) => Promise<Result>,
): Promise<Result> => {
  const { repository } = await locate(repo);
  const base = await openBaseTree(repository.root, await commitWorkingTree(repository));
  const commit = await readCommit(base);
  const rules = committedRules(commit);
  try {
    await rules.check();
    return await work(rules, base, repository.root, commit.config);
  } finally {
    await Promise.all([rules.close(), base.close()]);
  }
};

/** A night that nothing was judged of, on a line. */
export const sayPassedOver = ({ night, why }: PassedOver): string =>
  `${night} is passed over: ${why}.`;

const casesName = 'cases.yaml';

/** `pantheon rules test`: exit code 1 where a case is not as its table says. */
export const testRules = async (args: JsonOption & { readonly repo: string }): Promise<void> =>
  withRules(args.repo, async (rules, base, _, config) => {
    const name = `rules/${casesName}`;
    const shipped = await readSource(join(installationFolder, name), `shipped ${name}`);
    const folder = rulesFolder(config);
    const own = folder && (await readBaseFile(base, `${folder}/${casesName}`));
    const results = [];
    for (const source of own && own.text !== shipped.text ? [shipped, own] : [shipped]) {
      for (const one of readCases(source)) {
        const ruling = await judgeCase(rules, one);
        const said = ruling.allow ? undefined : ruling.rule;
        results.push({ table: source.name, ok: said === one.denied, ...one, ruling });
      }
    }
    const wrong = results.filter(({ ok }) => !ok);
    print(
      args,
      results.map(({ table, it, ok, ruling }) => ({ table, it, ok, ruling })),
      [
        ...wrong.flatMap(({ table, it, denied, ruling }) => [
          `${table}: ${it}`,
          `  should be ${denied === undefined ? 'allowed' : `denied by ${denied}`}, and is: ${say(ruling)}`,
        ]),
        `${countNoun(results.length, 'case')}, ${wrong.length} not as the tables say`,
      ],
    );
    process.exitCode = wrong.length > 0 ? 1 : 0;
  });

/** `pantheon rules explain`: how the rules of today come to what they say of a bundle. */
export const explainRules = async (
  address: string,
  args: TraceArguments & JsonOption,
): Promise<void> => {
  const { folder, bundle } = await readBundle(address, args);
  await withRules(args.repo, async (rules, _, root) => {
    const base = await openBaseTree(root, (await readNight(folder)).base.commit);
    try {
      const explained = [];
      for (const { what, facts, ruling } of await recordedProposals(bundle, base, rules)) {
        const since = await rules.explain(facts);
        explained.push({ what, before: ruling, now: await rules.judge(facts), since });
      }
      print(
        args,
        explained,
        explained.length === 0
          ? [`${address} has no call and no patch that rules were asked of.`]
          : explained.flatMap(({ what, now, since }) => [
              `${what}: ${say(now)}`,
              ...since.map((line) => `  ${line}`),
            ]),
      );
    } finally {
      await base.close();
    }
  });
};

/** `pantheon rules replay`: what the rules of today decide otherwise than was decided. */
export const replayRules = async (
  args: TraceArguments & JsonOption & { readonly since?: string },
): Promise<void> =>
  withRules(args.repo, async (rules, _, root) => {
    const nights = (await decidedNights(args)).filter(
      ([night]) => args.since === undefined || night >= args.since,
    );
    let judged = 0;
    const changed: object[] = [];
    const lines: string[] = [];
    const passedOver: PassedOver[] = [];
    const tell = (passed: PassedOver): unknown => passedOver.push(passed);
    for await (const { what, facts, ruling, ...at } of proposalsOf(root, nights, rules, tell)) {
      const now = await rules.judge(facts);
      judged += 1;
      if (now.allow === ruling.allow) continue;
      const address = `${at.night}/${formatAddress(at.address)}`;
      changed.push({ address, what, before: ruling, now });
      lines.push(`${address} ${what}`, `  was: ${say(ruling)}`, `  now: ${say(now)}`);
    }
    const [few, all] = [changed.length, judged].map((count) => count.toLocaleString('en'));
    print(args, { judged, changed, passedOver }, [
      ...lines,
      ...passedOver.map(sayPassedOver),
      `${few} of ${all} change.`,
    ]);
  });
