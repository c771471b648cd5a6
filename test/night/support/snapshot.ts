// SPDX-License-Identifier: GPL-3.0-only
import { readdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import type { ExecutionContext } from 'ava';
import { sha256 } from '../../../src/data/digest.ts';
import { journalSchema } from '../../../src/night/record/night-schemas.ts';
import { type Bundle, formatAddress } from '../../../src/trace/bundle.ts';
import { compareOutputs } from '../../../src/trace/compare-outputs.ts';
import { readJournal } from '../../../src/trace/journal.ts';
import { openTraces } from '../../../src/trace/open-traces.ts';
import { plainGit } from '../../workspace/with-repository.ts';
import { type Case, nightId } from './small-night.ts';

/** All that a night leaves and all that it must leave alone. */
export type Snapshot = {
  readonly bundles: ReadonlyMap<string, Bundle>;
  readonly journal: readonly string[];
  /** Everything that must be the same to the byte, by what it is. */
  readonly exact: Readonly<Record<string, unknown>>;
};

/** Reads what lies there now. @throws BundleFault for a bundle that is half written. */
export const takeSnapshot = (place: Case): Snapshot => {
  const { state } = place;
  const night = join(state.traces, nightId);
  // These cover timings, as do their signature and the page; test/night/verify holds it to what it signs.
  const timed = /journal\.jsonl$|bundles\.zip$|^signature\.json$|^report\.html$/;
  const nightFiles = filesIn(night).filter((path) => !timed.test(path));
  return {
    bundles: readBundles(night),
    journal: readRecords(night),
    exact: {
      ...userSide(place),
      ...contents('pull request', state.pullRequests, filesIn(state.pullRequests)),
      ...contents('night', night, nightFiles),
      'page is whole': filesIn(night).includes('report.html')
        ? readFileSync(join(night, 'report.html'), 'utf8').endsWith('</html>\n')
        : 'none',
      branches: git(place, ['for-each-ref', '--format=%(refname) %(objectname)']),
      // A lock's own litter is its own matter; test/trace/lock.test.ts looks at it.
      'files of the state folder': filesIn(state.root).filter((path) => !path.startsWith('lock/')),
      outcomes: lines(join(state.root, 'outcomes.jsonl')),
      'pairs of the night': lines(join(state.root, 'ledger.jsonl')).filter(
        (line) => !line.includes('"source":"exam"'),
      ),
    },
  };
};

/** The user's checkout, index, HEAD and the state of git's own files. */
const userSide = ({ repository }: Case): Snapshot['exact'] => ({
  index: sha256(readFileSync(join(repository, '.git', 'index'))),
  HEAD: readFileSync(join(repository, '.git', 'HEAD'), 'utf8'),
  ...contents(
    'checkout',
    repository,
    filesIn(repository).filter((path) => !path.startsWith('.git/')),
  ),
  'git locks': filesIn(join(repository, '.git')).filter((path) => path.endsWith('.lock')),
});

const git = ({ repository }: Case, args: readonly string[]): string => plainGit(repository)(args);

/** Verified bundles of a night by address; none where the night did not begin. */
export const readBundles = (night: string): ReadonlyMap<string, Bundle> => {
  const traces = openTraces(night);
  const addresses = traces.specs().flatMap((spec) => [...traces.list(spec)]);
  return new Map(
    addresses.map((address) => [formatAddress(address), traces.read(address) as Bundle]),
  );
};

/** What the journal says ended, a line each without bundle identities (they cover timings). */
const readRecords = (night: string): readonly string[] =>
  readJournal(join(night, 'journal.jsonl'), journalSchema).flatMap((record) => {
    if (record.type === 'node') {
      const { bundle: _, ...rest } = record;
      return [JSON.stringify(rest)];
    }
    return record.type === 'spec' ? [JSON.stringify(record)] : [];
  });

/**
 * Holds a night that was stopped and resumed to one that was not: bundles but for timings, each
 * node and spec recorded once, everything else to the byte.
 */
export const assertSame = (t: ExecutionContext, actual: Snapshot, expected: Snapshot): void => {
  t.deepEqual(Object.keys(actual.exact).sort(), Object.keys(expected.exact).sort());
  for (const [name, value] of Object.entries(actual.exact)) {
    t.deepEqual(value, expected.exact[name], name);
  }
  t.deepEqual([...actual.journal].sort(), [...expected.journal].sort(), 'journal');
  t.deepEqual([...actual.bundles.keys()].sort(), [...expected.bundles.keys()].sort());
  for (const [address, bundle] of actual.bundles) {
    const other = expected.bundles.get(address);
    if (!other) continue;
    t.deepEqual(compareOutputs(other.files, bundle.files), [], address);
    t.deepEqual(factsOf(bundle), factsOf(other), address);
  }
};

const factsOf = ({ facts }: Bundle): unknown => ({
  ...facts,
  inputs: facts.inputs.map(({ unit, node }) => `${unit}/${node}`),
});

/** Bundles that were there before a night went on are there as they were: no node ran again. */
export const assertKept = (
  t: ExecutionContext,
  before: ReadonlyMap<string, Bundle>,
  { bundles }: Snapshot,
): void => {
  for (const [address, { identity }] of before) {
    t.is(bundles.get(address)?.identity, identity, `${address} ran again`);
  }
};

const filesIn = (folder: string): readonly string[] => {
  try {
    return readdirSync(folder, { recursive: true, withFileTypes: true })
      .filter((entry) => entry.isFile())
      .map(({ parentPath, name }) => join(parentPath, name).slice(folder.length + 1))
      .sort();
  } catch (error) {
    if ((error as NodeJS.ErrnoException).code === 'ENOENT') return [];
    throw error;
  }
};

/** Each file's text, or its digest where that is not text, under `label/path`. */
const contents = (
  label: string,
  folder: string,
  paths: readonly string[],
): Readonly<Record<string, string>> =>
  Object.fromEntries(
    paths.map((path) => {
      const bytes = readFileSync(join(folder, path));
      const text = /\.(?:md|json)$/.test(path);
      return [`${label}/${path}`, text ? bytes.toString('utf8') : sha256(bytes)];
    }),
  );

const lines = (file: string): readonly string[] => readFileSync(file, 'utf8').split('\n');
