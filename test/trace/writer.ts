// SPDX-License-Identifier: GPL-3.0-only
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { z } from 'zod';
import { openJournal } from '../../src/trace/journal.ts';
import { openTraces } from '../../src/trace/open-traces.ts';

/* `node writer.ts NIGHT` writes bundles and journal lines until it is killed; kill.test.ts starts it. */

export const writer = fileURLToPath(import.meta.url);

/** A prompt that tells whose it is, of a size that differs from unit to unit. */
export const contentOf = (unit: string): string =>
  `${unit} `.repeat(1 + ((Number(unit.slice(5)) * 7919) % 6000));

const bundlesPerSpec = 20;

const writeOn = (night: string): void => {
  const journal = openJournal(
    join(night, 'journal.jsonl'),
    z.strictObject({ spec: z.string(), unit: z.string(), identity: z.string() }),
  );
  const traces = openTraces(night);
  const facts = { night: 'n1', agent: 'doc.frontmatter@1.0.0', inputs: [] };
  process.stdout.write('writing\n');
  for (let index = journal.records.length; ; index += 1) {
    const spec = `spec-${Math.floor(index / bundlesPerSpec)}`;
    const unit = `unit-${index}`;
    const earlier = traces.read({ spec, unit, node: 'doc' });
    const files = { 'prompt.txt': contentOf(unit), 'output.json': '{}' };
    const identity = earlier?.identity ?? traces.write({ spec, unit, node: 'doc' }, files, facts);
    journal.append({ spec, unit, identity });
    if (index % bundlesPerSpec === bundlesPerSpec - 1) traces.pack(spec);
  }
};

const [, program, night] = process.argv;
if (program === writer && night) writeOn(night);
