// SPDX-License-Identifier: GPL-3.0-only
import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { decision as dialect } from '../../src/agent/dialects/decision.ts';
import type { JsonSchema } from '../../src/agent/envelope-schema.ts';
import { openChores } from '../../src/chore/chores.ts';
import { unitDecision } from '../../src/chore/decide/unit-decision.ts';
import { waysTo } from '../../src/chore/decide/ways-to.ts';
import { readAskedOf } from '../../src/chore/read-asked.ts';
import { frontmatterArgs } from '../../src/markdown/decide/note-decision.ts';
import { isRefused } from '../../src/markdown/decode-markdown.ts';
import { demandsOf } from '../../src/markdown/demands.ts';
import { normaliseNote } from '../../src/markdown/normalise-note.ts';
import { normaliseSpec, specFileSchema } from '../../src/spec/schema.ts';
import type { InventedNote } from './note.ts';
import type { Request } from './request.ts';

const agent = 'doc.frontmatter';
const decide = readFileSync(
  join(import.meta.dirname, '../../actions/doc-frontmatter/decide.txt'),
  'utf8',
);
const chores = openChores();

/** A row as `pantheon mine` writes it into `decisions`. */
export type InventedRow = {
  readonly task: string;
  readonly stage: number;
  readonly prompt: readonly [
    { readonly role: 'system'; readonly content: string },
    { readonly role: 'user'; readonly content: string },
  ];
  readonly completion: readonly [{ readonly role: 'assistant'; readonly content: string }];
  readonly chat_template_kwargs: { readonly enable_thinking: false };
};

/**
 * The decision that a note leaves and what rules pick, with the schema of an answer; or why rules refuse it. @throws Error for a sentence that no
 * chore reads, and where not exactly one pick writes what the rules write.
 */
export const rowOf = async (
  { path, text }: InventedNote,
  { acceptance, rules }: Request,
): Promise<{ readonly row: InventedRow; readonly schema: JsonSchema } | string> => {
  const spec = normaliseSpec(
    specFileSchema.parse({ title: 'Normalise the notes', scope: '**', acceptance, rules }),
    'invented',
  );
  const asked = readAskedOf(agent, spec, chores);
  if ('refused' in asked) throw new Error(`${JSON.stringify(acceptance)}: ${asked.refused}`);
  const decided = await unitDecision({ spec, path, body: text, rules: spec.rules }, agent, chores);
  if ('refused' in decided) return decided.refused;
  if (decided.questions.length === 0) return 'nothing is left to decide';
  const demands = demandsOf(asked, spec.rules, path);
  const done = isRefused(demands) ? demands : normaliseNote({ path, text }, demands);
  if (isRefused(done)) return done.refused;
  const args = frontmatterArgs(path, done.edit);
  const [picks, ...others] = waysTo(decided, { name: 'set_frontmatter', args });
  if (!picks || others.length > 0) {
    throw new Error(
      `${path}: ${picks ? 'two picks write' : 'no pick writes'} what the rules write`,
    );
  }
  const said = dialect.of(decided, decide);
  const unit = { id: 'u', kind: 'file', paths: [path] } as const;
  const question = said.renderTask({ spec, unit: { ...unit, paths: [path] }, inputs: {} });
  const row: InventedRow = {
    ...{ task: agent, stage: 1 },
    prompt: [
      { role: 'system', content: said.renderSystem() },
      { role: 'user', content: question },
    ],
    completion: [{ role: 'assistant', content: said.renderAnswer(picks) }],
    chat_template_kwargs: { enable_thinking: false },
  };
  return { row, schema: said.schemaOf() };
};
