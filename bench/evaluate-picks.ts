// SPDX-License-Identifier: GPL-3.0-only
import { join, resolve } from 'node:path';
import { parseArgs } from 'node:util';
import { openPickTool } from '../src/agent/dialects/pick-tool.ts';
import { createMeter } from '../src/agent/meter.ts';
import { shippedChores } from '../src/chore/chores.ts';
import { openEngine } from '../src/engine/open.ts';
import { shareOf } from '../src/morning/metrics/share-interval.ts';
import { normaliseSpec, specFileSchema } from '../src/spec/schema.ts';
import { drive, type Files } from './codegen/drive.ts';
import { modelAgents } from './model-agents.ts';

/*
 * How often a model picks the licence of a header as the rules do, where files of a repository say several:
 * evaluate-picks.ts --model FILE.gguf. The repositories are invented: three families, and each way in which
 * other files, the package and the licence file name a member of one. Right is the rules' patch, byte for byte.
 */

const { values } = parseArgs({ options: { model: { type: 'string' } } });
const agentName = 'codegen.qwen8b';

const families = [
  ['GPL', 'GNU GENERAL PUBLIC LICENSE\nVersion 2, June 1991\n', 'GPL-3.0-or-later', 'GPL-1.0-only'],
  [
    'LGPL',
    'GNU LESSER GENERAL PUBLIC LICENSE\nVersion 2.1, February 1999\n',
    ...['LGPL-2.1-or-later', 'LGPL-3.0-or-later'],
  ],
  [
    'AGPL',
    'GNU AFFERO GENERAL PUBLIC LICENSE\nVersion 3, 19 November 2007\n',
    ...['AGPL-3.0-or-later', 'AGPL-1.0-only'],
  ],
] as const;

type Repository = { readonly family: string; readonly files: Files };

const repositories: readonly Repository[] = families.flatMap(([family, licence, one, other]) =>
  [0, 1, 2, 3, 4, 5, 6, 7].map((sources) => ({
    family,
    files: {
      'src/a.ts': 'export const a = 1;\n',
      ...((sources & 1) > 0 && { 'lib/b.ts': `// SPDX-License-Identifier: ${one}\nb();\n` }),
      ...((sources & 2) > 0 && { 'package.json': `{ "license": "${other}" }\n` }),
      ...((sources & 4) > 0 && { LICENSE: licence }),
    },
  })),
);

const percent = (count: number, of: number): string => {
  const share = shareOf(count, of);
  const [low, high] = [share?.low, share?.high].map((part) => ((part ?? 0) * 100).toFixed(0));
  return `${count} of ${of} (${low} to ${high} %)`;
};

const agent = (await modelAgents(join(import.meta.dirname, '../actions'), [agentName])).get(
  agentName,
);
if (!agent || values.model === undefined) throw new Error('name a model: --model FILE.gguf');
const engine = await openEngine(
  { engine: 'llama', model: resolve(values.model), dialect: 'decision', slots: 1 },
  { folder: '', setting: 'bench', chores: shippedChores },
);
try {
  await engine.probe();
  let [asked, right, declined, tokens, ms] = [0, 0, 0, 0, 0];
  for (const { family, files } of repositories) {
    const file = {
      title: 'Headers',
      scope: '**',
      acceptance: [`All files in src/ have an ${family} header`],
    };
    const meter = createMeter();
    const pick = openPickTool({
      ...{ engine, runtime: { temperature: 0 }, agent: { name: agentName }, meter },
      decide: agent.decide ?? '',
      input: {
        spec: normaliseSpec(specFileSchema.parse(file), 'picks'),
        unit: { id: 'picks', kind: 'spec', paths: ['**'] },
        inputs: {},
      },
      limits: { idleTimeout: 120_000, maxOutputTokens: 256 },
    });
    const start = performance.now();
    const picked = await drive(files, file, [pick]);
    if (meter.completions.length === 0) continue;
    ms += performance.now() - start;
    asked += 1;
    tokens += meter.completions.reduce((sum, { promptTokens }) => sum + promptTokens, 0);
    const rules = await drive(files, file);
    const isRight = JSON.stringify([...picked.changed]) === JSON.stringify([...rules.changed]);
    if (picked.status !== 'ok') declined += 1;
    else if (isRight) right += 1;
  }
  console.log(`${repositories.length} repositories, of which ${asked} leave a choice`);
  console.log(`right ${percent(right, asked)}, ${declined} declined`);
  console.log(
    `${(tokens / asked).toFixed(0)} prompt tokens and ${(ms / asked / 1000).toFixed(2)} s each`,
  );
} finally {
  await engine.close();
}
