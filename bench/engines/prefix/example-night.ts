// SPDX-License-Identifier: GPL-3.0-only
import { cp } from 'node:fs/promises';
import { join } from 'node:path';
import { openTraces } from '../../../src/trace/open-traces.ts';
import { git } from '../../../src/workspace/git.ts';
import { workNight } from '../../nights/work.ts';
import { type Conversation, readTranscript } from './reuse.ts';

const home = join(import.meta.dirname, '..', '..', '..');

/** The conversations of a real night over the example's vault and specs, by agents of the embedded profile. */
export const exampleConversations = async (folder: string): Promise<readonly Conversation[]> => {
  const repository = join(folder, 'vault');
  await cp(join(home, 'examples', 'vault'), repository, { recursive: true });
  await git(repository, ['init', '--quiet', '--initial-branch=main']);
  await git(repository, ['add', '--all']);
  const who = ['-c', 'user.name=bench', '-c', 'user.email=bench@localhost'];
  await git(repository, [...who, 'commit', '--quiet', '--message', 'Begin']);
  const specs = join(home, 'examples', 'specs');
  const { folder: night } = await workNight(repository, specs, join(folder, 'state'), 1);
  const traces = openTraces(night);
  return traces
    .specs()
    .flatMap((spec) => traces.list(spec))
    .flatMap((address) => traces.read(address)?.files['prompt.txt'] ?? [])
    .map(readTranscript);
};
