// SPDX-License-Identifier: GPL-3.0-only
import { readdirSync } from 'node:fs';
import { join } from 'node:path';
import type { ExecutionContext } from 'ava';
import { type Pulled, type PullOptions, pullModel } from '../../../src/day/models/pull.ts';
import { openWeb } from '../../../src/day/models/web.ts';
import { temporaryFolder } from '../../workspace/with-repository.ts';
import { type Mischief, openHub, type SimulatedHub } from './simulated-hub.ts';

/** The model that the hub holds, large enough to come in several pieces; its head announces nothing. */
export const weights = Buffer.from(`GGUF${'\0'.repeat(32)}${'0123456789abcdef'.repeat(19_998)}`);
export const files = { 'tiny.gguf': weights };

/** A models folder and a checkout of their own, to pull into. */
type Place = {
  readonly folder: string;
  readonly checkout: string;
  readonly pull: (name: string, more?: Partial<PullOptions>) => Promise<Pulled>;
};

export const makePlace = async (t: ExecutionContext, hub: string): Promise<Place> => {
  const [folder, checkout] = [temporaryFolder(t), temporaryFolder(t)];
  const web = await openWeb({ idleTimeoutMs: 2_000 });
  t.teardown(() => web.close());
  return {
    folder,
    checkout,
    pull: (name, more) =>
      pullModel({
        name,
        modelsFolder: folder,
        checkout,
        hub,
        web,
        signal: AbortSignal.timeout(20_000),
        onBytes: () => {},
        pauseMs: 1,
        ...more,
      }),
  };
};

export const from = 'hub:owner/model';

export const openPlace = async (
  t: ExecutionContext,
  mischief?: Mischief,
): Promise<Place & { hub: SimulatedHub }> => {
  const hub = await openHub(t, { files, ...(mischief && { mischief }) });
  return { hub, ...(await makePlace(t, hub.url)) };
};

/** The names of what has not come whole yet. */
export const partsOf = ({ folder }: Place): readonly string[] =>
  readdirSync(join(folder, '.parts'));
