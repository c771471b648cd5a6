// SPDX-License-Identifier: GPL-3.0-only
import { readdirSync } from 'node:fs';
import { join } from 'node:path';
import { UserError } from '../../data/user-error.ts';
import { type Bundle, formatAddress } from '../../trace/bundle.ts';
import { readJournal } from '../../trace/journal.ts';
import type { Traces } from '../../trace/open-traces.ts';
import { journalSchema } from '../record/night-schemas.ts';
import {
  isJournal,
  type NightStatement,
  readSignedBundles,
  type SignedBundle,
  signatureName,
} from '../record/night-statement.ts';
import type { Changed } from './changed.ts';

/** What is needed of a bundle once it was read: a night's contents would not fit into memory. */
type SeenBundle = Pick<Bundle, 'address' | 'identity' | 'facts'>;

/**
 * Reads every bundle of a night and holds it to its manifest, the signature, the journal and those that cite it. Of a
 * night that was pruned, those that are left.
 */
export const checkBundles = (
  folder: string,
  night: string,
  traces: Traces,
  signed: NightStatement['predicate']['bundles'] | undefined,
  pruned = false,
): readonly Changed[] => {
  const list = signed && readSignedBundles(signed);
  const { bundles, changed: unreadable } = readAll(folder, traces);
  const told = new Set(unreadable.map(({ what }) => what));
  const changed = [
    ...(signed && !list
      ? [{ what: signatureName, how: 'has a Merkle root that is not of its bundles' }]
      : []),
    ...unreadable,
    ...(list ? checkSigned(list, bundles, told, pruned) : []),
    ...checkJournals(folder, bundles),
    ...[...bundles.values()].flatMap((bundle) => checkFacts(bundle, night, bundles, pruned)),
  ];
  return changed;
};

const readAll = (
  folder: string,
  traces: Traces,
): {
  readonly bundles: ReadonlyMap<string, SeenBundle>;
  readonly changed: readonly Changed[];
} => {
  const bundles = new Map<string, SeenBundle>();
  const changed: Changed[] = [];
  const attempt = (what: string, read: () => void): void => {
    try {
      read();
    } catch (error) {
      if (!(error instanceof UserError)) throw error;
      changed.push({ what, how: error.message.replaceAll(`${folder}/`, '') });
    }
  };
  for (const spec of traces.specs()) {
    attempt(spec, () => {
      for (const address of traces.list(spec)) {
        const name = formatAddress(address);
        attempt(name, () => {
          const bundle = traces.read(address);
          if (!bundle) return;
          const { identity, facts } = bundle;
          bundles.set(name, { address, identity, facts });
        });
      }
    });
  }
  return { bundles, changed };
};

const checkSigned = (
  list: readonly SignedBundle[],
  bundles: ReadonlyMap<string, SeenBundle>,
  told: ReadonlySet<string>,
  pruned: boolean,
): readonly Changed[] => {
  const signed = new Map(list.map(([address, identity]) => [formatAddress(address), identity]));
  const changed: Changed[] = [];
  for (const [name, identity] of signed) {
    const [spec = ''] = name.split('/');
    if (told.has(name) || told.has(spec)) continue;
    const bundle = bundles.get(name);
    if (!bundle) {
      if (!pruned) changed.push({ what: name, how: 'is missing' });
    } else if (bundle.identity !== identity) {
      changed.push({ what: name, how: 'is not the bundle that was signed' });
    }
  }
  for (const name of bundles.keys()) {
    if (!signed.has(name))
      changed.push({ what: name, how: 'was added since the night was signed' });
  }
  return changed;
};

/** Lines that name another bundle than is there. */
const checkJournals = (
  folder: string,
  bundles: ReadonlyMap<string, SeenBundle>,
): readonly Changed[] =>
  readdirSync(folder)
    .filter(isJournal)
    .sort()
    .flatMap((name) => {
      try {
        return readJournal(join(folder, name), journalSchema).flatMap((record, index) => {
          if (record.type !== 'node' || record.bundle === undefined) return [];
          const address = formatAddress(record);
          const bundle = bundles.get(address);
          if (!bundle || bundle.identity === record.bundle) return [];
          return [{ what: `${name}:${index + 1}`, how: `names another bundle of ${address}` }];
        });
      } catch (error) {
        if (!(error instanceof UserError)) throw error;
        return [{ what: name, how: error.message.replaceAll(`${folder}/`, '') }];
      }
    });

/** A bundle of another night, or made from others than are there. */
const checkFacts = (
  { address, facts }: SeenBundle,
  night: string,
  bundles: ReadonlyMap<string, SeenBundle>,
  pruned: boolean,
): readonly Changed[] => {
  const what = formatAddress(address);
  return [
    ...(facts.night === night ? [] : [{ what, how: `is of night ${facts.night}` }]),
    ...facts.inputs.flatMap(({ unit, node, digest }): readonly Changed[] => {
      const input = formatAddress({ spec: address.spec, unit, node });
      const there = bundles.get(input);
      if (there?.identity === digest || (pruned && !there)) return [];
      return [{ what, how: `was made from a bundle of ${input} that is not there` }];
    }),
  ];
};
