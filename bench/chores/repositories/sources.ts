// SPDX-License-Identifier: GPL-3.0-only
import packages from './packages.json' with { type: 'json' };

/*
 * Real projects, as their packages on npm's registry hold them: sources and, where there are any, tests and
 * documents, without what was built.
 */

type Part = {
  /** `name@version`; packages.json has its digest. */
  readonly name: keyof typeof packages;
  readonly keep: RegExp;
  /** The folder that it is put into, with a slash. */
  readonly into?: string;
};

/** A repository of one or more packages; `files` are those that it has above them. */
export type Source = {
  readonly parts: readonly Part[];
  readonly files?: Readonly<Record<string, string>>;
  /** Its test script runs files that the package does not hold, or programs of packages that are not here. */
  readonly untested?: true;
};

const all = /./;
const own = /^(?:src\/|skills\/|[^/]+$)/;

const one = (name: Part['name'], keep = own, more: Omit<Source, 'parts'> = {}): Source => ({
  parts: [{ name, keep }],
  ...more,
});

const workspace = (
  names: readonly Part['name'][],
  files: Readonly<Record<string, string>>,
): Source => ({
  parts: names.map((name) => ({
    name,
    keep: own,
    into: `packages/${/([^/]+)@/.exec(name)?.[1]}/`,
  })),
  files,
});

const biome = { 'biome.json': '{ "formatter": { "indentStyle": "space" } }\n' };

export const sources: Readonly<Record<string, Source>> = {
  zod: one('zod@4.6.7'),
  immer: one('immer@11.2.13'),
  rxjs: one('rxjs@7.8.2'),
  mobx: one('mobx@7.1.3'),
  ajv: one('ajv@8.20.0', /^(?:lib\/|[^/]+$)/, { untested: true }),
  grpc: one('@grpc/grpc-js@1.14.7', own, { untested: true }),
  noble: one('@noble/hashes@2.4.0', /^(?:src\/|package\.json$|README\.md$|LICENSE)/, {
    untested: true,
    files: biome,
  }),
  prosemirror: one('prosemirror-model@1.25.13'),
  tiptap: one('@tiptap/core@3.35.0'),
  'react-redux': one('react-redux@9.3.1'),
  toolkit: one('@reduxjs/toolkit@2.15.0'),
  trpc: one('@trpc/server@11.25.2'),
  docusaurus: one('@docusaurus/theme-classic@3.10.2'),
  slidev: one('@slidev/client@52.20.1', all),
  carbon: one('carbon-components-svelte@0.112.1', own, { files: biome }),
  execa: one('execa@9.6.1', all, { untested: true }),
  nanostores: one('nanostores@1.5.5', all),
  lib0: one('lib0@0.2.120', /^(?!dist\/|coverage\/|.*\.d\.ts)/),
  fastify: one('fastify@5.12.8', all),
  pino: one('pino@10.4.0', all),
  query: workspace(
    [
      '@tanstack/query-core@5.108.4',
      '@tanstack/react-query@5.108.4',
      '@tanstack/vue-query@5.104.0',
      '@tanstack/svelte-query@6.3.6',
    ],
    {
      'package.json': '{ "name": "query", "private": true, "workspaces": ["packages/*"] }\n',
      'tsconfig.json':
        '{ "compilerOptions": { "customConditions": ["@tanstack/custom-condition"] } }\n',
    },
  ),
  changesets: workspace(
    [
      '@changesets/types@6.1.0',
      '@changesets/errors@0.2.0',
      '@changesets/parse@0.4.3',
      '@changesets/read@0.6.7',
      '@changesets/get-dependents-graph@2.1.4',
      '@changesets/should-skip-package@0.1.2',
      '@changesets/assemble-release-plan@6.0.10',
      '@changesets/get-release-plan@4.0.16',
    ],
    { 'package.json': '{ "name": "changesets", "private": true, "workspaces": ["packages/*"] }\n' },
  ),
  site: one('create-docusaurus@3.10.2', /^(?:templates\/|README\.md$|LICENSE)/),
  oclif: one('@oclif/plugin-plugins@5.5.2'),
};
