// SPDX-License-Identifier: GPL-3.0-only
import { stringify } from 'yaml';
import { z } from 'zod';
import { parseDocumentAs } from '../../data/read-document.ts';
import type { Source } from '../../data/read-source.ts';
import { idSchema } from '../../spec/schema.ts';
import { digestSchema } from './models-lock.ts';
import { routeKey } from './registry-names.ts';

/** Every version of every agent has some thirty lines. */
export const maxRegistryBytes = 4 * 1024 * 1024;

const number = z.int().positive();
const count = z.int().nonnegative();
const share = z.number().min(0).max(1);
const agentName = z
  .string()
  .regex(/^[a-z0-9][a-z0-9._-]*$/i, 'write the name of an agent, such as doc.frontmatter');

const weightsSchema = z.strictObject({ name: z.string().min(1).max(500), digest: digestSchema });

const evidenceSchema = z.strictObject({
  code: z.string().max(100).describe('Why it was promoted'),
  against: z.string().max(600).describe('What it was compared with: a version, or a runtime'),
  evaluator: digestSchema.describe('What judged: agents, flow, reviewers, specs'),
  result: digestSchema.describe('sha256 over the canonical JSON of the result of "pantheon eval"'),
  specs: z
    .strictObject({ both: count, candidate: count, incumbent: count, neither: count })
    .describe('Held-out specs by who had them accepted'),
  guards: count.describe('Guard cases, none of which it lost'),
  p: share.describe('Exact McNemar test, two-sided'),
  look: z
    .strictObject({ number, of: number, alpha: share })
    .optional()
    .describe('Which of the planned looks it was, and the part of alpha that each of them has'),
  effect: z.number().min(-1).max(1).describe('Difference of the shares that were accepted'),
  interval: z.tuple([z.number(), z.number()]).describe('Of the effect, 95 %'),
  keyid: digestSchema.describe('The key that signed this evidence'),
  signature: z.string().max(200).describe('Ed25519, base64; docs/architecture/evidence.md'),
});

const versionSchema = z.strictObject({
  version: number,
  base: weightsSchema.describe('The weights that it was trained on'),
  adapter: digestSchema.describe('sha256 over its files, as models.lock has it'),
  rank: number.optional(),
  dataset: digestSchema.describe('Of the rows that it was trained on'),
  date: z.iso.date(),
  evidence: evidenceSchema.optional().describe('Of its promotion'),
});

const candidateSchema = z.strictObject({
  version: number,
  share: z
    .number()
    .gt(0)
    .max(1)
    .optional()
    .describe("Share of a night's specs that it works where a profile asks for the champion"),
  shadow: z
    .number()
    .gt(0)
    .max(1)
    .optional()
    .describe(
      'Share of the specs of the champion that it works again after the night, to be compared; nothing of it is opened',
    ),
});

const routesSchema = z.strictObject({
  champion: number.describe('The champion that they were compared with'),
  table: z
    .array(
      z.strictObject({
        chores: z
          .array(idSchema)
          .max(100)
          .describe('All that a spec asks for, in any order; none: it asks for no chore'),
        version: number.describe('Works those specs in the place of the champion'),
      }),
    )
    .min(1)
    .max(1000),
});

const agentVersionsSchema = z
  .strictObject({
    champion: number.optional().describe('What @champion stands for'),
    before: z.array(number).max(1000).optional().describe('Earlier champions, the last one last'),
    candidate: candidateSchema.optional().describe('What @candidate stands for'),
    routes: routesSchema
      .optional()
      .describe('Which other versions work which specs where a profile asks for the champion'),
    versions: z.array(versionSchema).min(1).max(1000),
  })
  .superRefine(refuseUnlisted);

type Named = {
  readonly champion?: number | undefined;
  readonly before?: readonly number[] | undefined;
  readonly candidate?: { readonly version: number } | undefined;
  readonly routes?: z.output<typeof routesSchema> | undefined;
  readonly versions: readonly { readonly version: number }[];
};

/** An alias must stand for one listed version, and a version must be listed once. */
function refuseUnlisted(agent: Named, context: z.RefinementCtx): void {
  const listed = agent.versions.map(({ version }) => version);
  const refuse = (path: PropertyKey[], message: string) =>
    context.addIssue({ code: 'custom', path, message });
  for (const [index, version] of listed.entries()) {
    if (listed.indexOf(version) !== index) {
      refuse(
        ['versions', index, 'version'],
        `version ${version} is listed twice; keep one of them`,
      );
    }
  }
  const there = listed.join(', ');
  const named: readonly (readonly [PropertyKey[], number | undefined])[] = [
    [['champion'], agent.champion],
    ...(agent.before ?? []).map((version, index) => [['before', index], version] as const),
    [['candidate', 'version'], agent.candidate?.version],
    ...(agent.routes?.table ?? []).map(
      ({ version }, index) => [['routes', 'table', index, 'version'], version] as const,
    ),
  ].map(([path, version]) => [path as PropertyKey[], version as number | undefined] as const);
  for (const [path, version] of named) {
    if (version === undefined || listed.includes(version)) continue;
    refuse(path, `there is no version ${version} below "versions"; there are ${there}`);
  }
  refuseRoutes(agent, refuse);
}

/** Routes say where another version does better than one champion, each set of chores once. */
function refuseRoutes(
  { champion, routes }: Named,
  refuse: (path: PropertyKey[], message: string) => void,
): void {
  if (!routes) return;
  if (routes.champion !== champion) {
    refuse(
      ['routes', 'champion'],
      `the routes were learned beside version ${routes.champion}, and the champion is ${champion ?? 'none'}. Learn them again with "pantheon route", or take "routes" out`,
    );
  }
  const sets = routes.table.map(({ chores }) => routeKey(chores));
  for (const [index, key] of sets.entries()) {
    if (sets.indexOf(key) === index) continue;
    refuse(
      ['routes', 'table', index, 'chores'],
      'these chores have a route already; keep one of them',
    );
  }
}

export const registrySchema = z.strictObject({
  $schema: z.string().optional(),
  version: z.literal(1),
  agents: z.record(agentName, agentVersionsSchema),
});

export type Registry = Readonly<z.output<typeof registrySchema>>;
export type AgentVersions = Readonly<z.output<typeof agentVersionsSchema>>;
export type AgentVersion = Readonly<z.output<typeof versionSchema>>;

/** A repository that has promoted nothing. */
export const emptyRegistry: Registry = { version: 1, agents: {} };

/** @throws UserError with file, line and column of every mistake. */
export const parseRegistry = (source: Source): Registry => parseDocumentAs(source, registrySchema);

/** The registry with the versions of one agent set; the same ones give the same bytes. */
export const withAgent = (
  registry: Registry,
  agent: string,
  versions: AgentVersions,
): Registry => ({
  ...registry,
  agents: Object.fromEntries(
    Object.entries({ ...registry.agents, [agent]: sorted(versions) }).sort(([a], [b]) =>
      a < b ? -1 : 1,
    ),
  ),
});

const sorted = ({
  champion,
  before,
  candidate,
  routes,
  versions,
}: AgentVersions): AgentVersions => ({
  ...(champion !== undefined && { champion }),
  ...(before && before.length > 0 && { before }),
  ...(candidate && { candidate }),
  ...(routes && { routes }),
  versions: versions.toSorted((a, b) => a.version - b.version),
});

/** The registry as YAML, one key a line, so that a review shows what changed. */
export const renderRegistry = (registry: Registry): string =>
  `# Written by "pantheon promote", "pantheon route" and "pantheon rollback". A night holds adapters to it.\n${stringify(registry, { lineWidth: 0 })}`;

/** The versions of an agent, where the registry has any. */
export const versionsOf = (registry: Registry, agent: string): AgentVersions | undefined =>
  Object.hasOwn(registry.agents, agent) ? registry.agents[agent] : undefined;

/** The digest of the version that a name such as `doc.frontmatter@2` stands for. */
export const registeredDigest = (registry: Registry, name: string): string | undefined => {
  const at = name.lastIndexOf('@');
  const versions = versionsOf(registry, name.slice(0, Math.max(0, at)))?.versions ?? [];
  return versions.find(({ version }) => String(version) === name.slice(at + 1))?.adapter;
};
