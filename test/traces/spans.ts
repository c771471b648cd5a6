// SPDX-License-Identifier: GPL-3.0-only
import { execFile } from 'node:child_process';
import { readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { promisify } from 'node:util';
import test, { type ExecutionContext } from 'ava';
import { openTraces } from '../../src/trace/open-traces.ts';
import { writeSpans } from '../../src/trace/otel-file.ts';
import { readSpans } from '../trace/otlp.ts';
import { lay, spec, trace } from '../trace/sample-spec.ts';
import { temporaryFolder } from '../workspace/with-repository.ts';

const {
  PANTHEON_TRACES_OTLP: otlp = 'otlp',
  PANTHEON_SKIP_TRACES_OTLP,
  PANTHEON_TRACES_PYTHON: python = 'python3',
  PANTHEON_SKIP_TRACES_PYTHON,
} = process.env;
const readers = PANTHEON_SKIP_TRACES_OTLP ? test.skip : test;
const conventions = PANTHEON_SKIP_TRACES_PYTHON ? test.skip : test;

const run = promisify(execFile);

const spansFile = async (t: ExecutionContext): Promise<string> => {
  const folder = temporaryFolder(t);
  const traces = openTraces(folder);
  lay(traces, spec());
  await writeSpans(folder, traces, trace, '1.0.0');
  return join(folder, 'tidy', 'spans.jsonl');
};

const linesOf = (text: string): readonly object[] =>
  text
    .trimEnd()
    .split('\n')
    .map((line) => JSON.parse(line));

readers('the reader of Jaeger and the Collector loses nothing of our spans', async (t) => {
  const file = await spansFile(t);
  const { stdout } = await run(otlp, [file]);
  const lines = linesOf(readFileSync(file, 'utf8'));
  t.is(lines.length, 3);
  t.deepEqual(linesOf(stdout), lines);
});

for (const [what, from, to] of [
  ['an id in base64', /"traceId":"[0-9a-f]{32}"/, '"traceId":"AQIDBAUGBwgJCgsMDQ4PEA=="'],
  ['a time that is no number', /"startTimeUnixNano":"\d+"/, '"startTimeUnixNano":"now"'],
  ['a kind that is none', /"kind":1/, '"kind":"AGENT"'],
] as const) {
  readers(`it refuses ${what}`, async (t) => {
    const file = await spansFile(t);
    writeFileSync(file, readFileSync(file, 'utf8').replace(from, to));
    await t.throwsAsync(run(otlp, [file]), { message: /line 1: / });
  });
}

conventions('every name and operation is one of the conventions, or our own', async (t) => {
  const program = fileURLToPath(new URL('conventions.py', import.meta.url));
  const { stdout } = await run(python, [program]);
  const { attributes, ...values } = JSON.parse(stdout);
  const spans = readSpans(readFileSync(await spansFile(t), 'utf8'));
  const names = new Set(spans.flatMap((span) => Object.keys(span.values)));
  const foreign = [...names].filter((name) => !name.startsWith('pantheon.'));
  t.true(foreign.length > 15, `${foreign.length}`);
  t.deepEqual(
    foreign.filter((name) => !attributes.includes(name)),
    [],
  );
  for (const [name, allowed] of Object.entries<readonly string[]>(values)) {
    const used = spans.flatMap((span) => (name in span.values ? [span.values[name]] : []));
    t.true(used.length > 0, name);
    t.deepEqual(
      used.filter((value) => !allowed.includes(value as string)),
      [],
      name,
    );
  }
});
