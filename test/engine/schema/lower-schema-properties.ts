// SPDX-License-Identifier: GPL-3.0-only
import { join } from 'node:path';
import test from 'ava';
import fc from 'fast-check';
import { z } from 'zod';
import { protocolFor } from '../../../src/agent/envelope-schema.ts';
import { discoverAgents } from '../../../src/agent/registry.ts';
import type { Json } from '../../../src/data/digest.ts';
import { EngineFault } from '../../../src/engine/contract/engine.ts';
import { advanceBytes, startState } from '../../../src/engine/llama/constrain/automaton.ts';
import { schemaGrammar } from '../../../src/engine/llama/constrain/schema-grammar.ts';
import {
  compactAbilities,
  ollamaAbilities,
  vllmAbilities,
} from '../../../src/engine/schema/abilities.ts';
import type { Keywords } from '../../../src/engine/schema/keywords.ts';
import { lowerSchema } from '../../../src/engine/schema/lower-schema.ts';
import { loadTools } from '../../../src/tool/load-tools.ts';
import { isValid } from './is-valid.ts';
import { notesOf } from './notes.ts';
import { schemas, valuesOf } from './schema-arbitrary.ts';

const engines = { compact: compactAbilities, vllm: vllmAbilities, ollama: ollamaAbilities };

const validator = (schema: Keywords) => z.fromJSONSchema(schema as z.core.JSONSchema.JSONSchema);

const finder = (root: Keywords) => (reference: string) =>
  (root.$defs as Keywords | undefined)?.[reference.slice('#/$defs/'.length)] ?? {};

const shipped = async (): Promise<readonly (readonly [string, Keywords])[]> => {
  const agents = await discoverAgents([join(import.meta.dirname, '../../../actions')]);
  const protocols = await Promise.all(
    [...agents.values()].map(async ({ manifest: agent }) => {
      if (agent.kind !== 'model') return [];
      const { schema } = protocolFor(agent, await loadTools(agent.tools));
      return [[agent.name, schema as Keywords] as const];
    }),
  );
  return protocols.flat();
};

for (const [engine, abilities] of Object.entries(engines)) {
  test(`${engine}: what is valid for a shipped agent's envelope is valid for the lowered one`, async (t) => {
    const envelopes = await shipped();
    t.true(envelopes.length >= 3);
    for (const [agent, schema] of envelopes) {
      const { schema: lowered, tightened } = lowerSchema(schema, abilities);
      t.deepEqual(tightened, [], agent);
      const full = validator(schema);
      let valid = 0;
      fc.assert(
        fc.property(valuesOf(schema, finder(schema)), (value) => {
          if (!full.safeParse(value).success) return;
          valid += 1;
          if (!isValid(lowered, value)) throw new Error(`${agent}: ${JSON.stringify(value)}`);
        }),
        { numRuns: 100 },
      );
      t.true(valid > 40, `${agent}: ${valid} of 100 values were valid`);
    }
  });

  test(`${engine}: no schema is lowered to one that refuses what the full one takes`, (t) => {
    let valid = 0;
    fc.assert(
      fc.property(
        schemas.chain((schema) =>
          fc.record({ schema: fc.constant(schema), value: valuesOf(schema, () => ({})) }),
        ),
        ({ schema, value }) => {
          const { schema: lowered, tightened } = lowerSchema(schema, abilities);
          if (tightened.length > 0 || !isValid(schema, value)) return;
          valid += 1;
          if (!isValid(lowered, value)) throw new Error(JSON.stringify(lowered));
        },
      ),
      { numRuns: 200 },
    );
    t.true(valid > 60, `${valid} of 200 values were valid`);
  });
}

test('the same schema is lowered to the same text', (t) => {
  const text = (schema: Json) => JSON.stringify(lowerSchema(schema as Keywords, compactAbilities));
  fc.assert(
    fc.property(schemas, (schema) => text(schema) === text(JSON.parse(JSON.stringify(schema)))),
  );
  t.pass();
});

test('objects within one another are held as deep as an answer can nest, and that is told', (t) => {
  const schema = Array.from({ length: 5000 }).reduce<Keywords>(
    (inner) => ({ type: 'object', properties: { a: inner }, required: ['a'] }),
    { type: 'integer' },
  );
  for (const abilities of [compactAbilities, ollamaAbilities]) {
    t.true(lowerSchema(schema, abilities).dropped.some(({ keyword }) => keyword === 'properties'));
  }
});

test('lists of names within one another are held as far as it goes, and that is told', (t) => {
  const names = Array.from({ length: 5000 }, (_, index) => `n${index}`);
  const record = (additionalProperties: Keywords): Keywords => ({
    type: 'object',
    propertyNames: { enum: names },
    additionalProperties,
  });
  const { dropped } = lowerSchema(record(record({ type: 'null' })), compactAbilities);
  t.deepEqual(notesOf({ dropped, tightened: [] }).toSorted(), [
    '/additionalProperties additionalProperties',
    '/additionalProperties propertyNames',
    '/additionalProperties type',
    '/additionalProperties/additionalProperties type',
  ]);
});

test('a reference that is not an address is a name like any other', (t) => {
  const schema = { $ref: '#/$defs/100%', $defs: { '100%': { type: 'null' } } };
  const { schema: lowered } = lowerSchema(schema, compactAbilities);
  t.deepEqual(lowered, { $ref: '#/$defs/100_', $defs: { '100_': { type: 'null' } } });
});

const circles: Readonly<Record<string, Keywords>> = {
  itself: { $ref: '#' },
  'a choice of itself': { anyOf: [{ $ref: '#' }, { type: 'string' }] },
};

for (const [what, schema] of Object.entries(circles)) {
  test(`a schema that is ${what} is refused, and not followed for ever`, (t) => {
    t.throws(() => startState(schemaGrammar(schema).grammar), {
      instanceOf: EngineFault,
      message: /circles/,
    });
  });
}

test('a pattern costs nothing: its text is free', (t) => {
  const { grammar, dropped } = schemaGrammar({ type: 'string', pattern: '^[^\\n]{1,100}$' });
  t.deepEqual(dropped, [{ pointer: '', keyword: 'pattern' }]);
  const { state } = advanceBytes(startState(grammar), Buffer.from('"ab'));
  t.is(state.threads.length, 2, 'one way to go on within the text, and its end');
});
