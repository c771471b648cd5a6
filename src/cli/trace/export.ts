// SPDX-License-Identifier: GPL-3.0-only
import { createWriteStream } from 'node:fs';
import { resolve } from 'node:path';
import { Readable } from 'node:stream';
import { pipeline } from 'node:stream/promises';
import { countNoun } from '../../data/count-noun.ts';
import { pantheonVersion } from '../../data/installation.ts';
import { UserError } from '../../data/user-error.ts';
import { agentTraceOf } from '../../learn/export/agent-trace.ts';
import { trajectoryOf } from '../../learn/export/atif.ts';
import { readSummary } from '../../morning/read-summary.ts';
import { readNight } from '../../night/record/night-folder.ts';
import type { Night } from '../../night/record/night-schemas.ts';
import { openTraces, type Traces } from '../../trace/open-traces.ts';
import { spanLines } from '../../trace/otel-file.ts';
import { openAddress, type TraceArguments } from '../shared/nights.ts';

type ExportArguments = TraceArguments & {
  readonly format: string;
  readonly out?: string;
  readonly json?: true;
};

/** A night that is exported, or one spec of it. */
type Exported = {
  readonly folder: string;
  readonly night: Night;
  readonly traces: Traces;
  readonly specs: readonly Night['specs'][number][];
};

/** `pantheon trace export`: JSON lines, to standard output or into a file. */
export const exportCommand = async (address: string, args: ExportArguments): Promise<void> => {
  const linesOf = formats.get(args.format);
  if (!linesOf) {
    throw new UserError(
      `--format: "${args.format}" is not a format. Write one of ${[...formats.keys()].join(', ')}`,
    );
  }
  const exported = await openExported(address, args);
  let lines = 0;
  const counted = async function* () {
    for await (const line of linesOf(exported)) {
      lines += 1;
      yield line;
    }
  };
  if (args.out === undefined) {
    for await (const line of counted()) process.stdout.write(line);
    if (lines === 0) process.stderr.write(`${nothing(args.format, address)}\n`);
    return;
  }
  const file = resolve(args.out);
  await pipeline(Readable.from(counted()), createWriteStream(file, { flags: 'wx' })).catch(refuse);
  process.stdout.write(
    args.json
      ? `${JSON.stringify({ file, format: args.format, lines })}\n`
      : `${lines === 0 ? nothing(args.format, address) : `${countNoun(lines, 'line')} of ${args.format} in ${args.out}`}\n`,
  );
};

const openExported = async (address: string, args: TraceArguments): Promise<Exported> => {
  const { folder, night: name, rest } = await openAddress(address, args);
  const night = await readNight(folder, 'It cannot be exported');
  const [spec, ...more] = rest;
  const specs = night.specs.filter(({ spec: { id } }) => spec === undefined || id === spec);
  if (more.length > 0 || specs.length === 0) {
    throw new UserError(
      `"${address}" is neither a night nor a spec of it. Write ${name} or ${name}/SPEC`,
    );
  }
  return { folder, night, traces: openTraces(folder), specs };
};

const nothing = (format: string, address: string): string =>
  `${address} has nothing for ${format}; see pantheon trace show ${address}`;

const refuse = (cause: NodeJS.ErrnoException): never => {
  if (cause.code === undefined) throw cause;
  const why = cause.code === 'EEXIST' ? 'is there already' : `cannot be written (${cause.code})`;
  throw new UserError(`--out ${why}. Name a new file`, { cause });
};

async function* otlp({ night, traces, specs }: Exported): AsyncGenerator<string> {
  for (const { spec, flow } of specs) {
    const trace = { night: night.id, base: night.base.commit, spec: spec.id, flow };
    yield* spanLines(traces, trace, pantheonVersion);
  }
}

async function* atif({ traces, specs }: Exported): AsyncGenerator<string> {
  for (const { spec } of specs) {
    for (const address of traces.list(spec.id)) {
      const bundle = traces.read(address);
      const trajectory = bundle && trajectoryOf(bundle);
      if (trajectory) yield `${JSON.stringify(trajectory)}\n`;
    }
  }
}

/** Of the pull requests of a night that was published, those that work units of which was approved. */
async function* agentTrace({ folder, night, traces, specs }: Exported): AsyncGenerator<string> {
  const summary = await readSummary(folder);
  const exported = new Set(specs.map(({ spec }) => spec.id));
  for (const spec of summary.specs) {
    const { commit } = spec;
    if (commit === null || !exported.has(spec.id)) continue;
    const writers = new Set(
      night.flows[spec.flow]?.nodes
        .filter(({ agent }) => night.agents[agent]?.manifest.role === 'work')
        .map(({ id }) => id),
    );
    const approved = new Set(
      spec.unitDetails.filter(({ state }) => state === 'approved').map(({ id }) => id),
    );
    const written = traces
      .list(spec.id)
      .filter(({ unit, node }) => approved.has(unit) && writers.has(node))
      .flatMap((address) => traces.read(address) ?? []);
    const record = await agentTraceOf(summary, { ...spec, commit }, written, pantheonVersion);
    yield `${JSON.stringify(record)}\n`;
  }
}

const formats: ReadonlyMap<string, (exported: Exported) => AsyncGenerator<string>> = new Map([
  ['otlp', otlp],
  ['atif', atif],
  ['agent-trace', agentTrace],
]);
