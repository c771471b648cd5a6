// SPDX-License-Identifier: GPL-3.0-only
import { readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';

/*
 * Cuts the routes that Pantheon uses out of GitHub's own OpenAPI description, for the simulated
 * GitHub of the tests:
 *
 *     npm pack @octokit/openapi && tar xzf octokit-openapi-*.tgz package/generated/api.github.com.json
 *     node bin/cut-openapi.ts package/generated/api.github.com.json
 *
 * What only a reader needs (descriptions, examples) is left out; every schema is kept whole.
 */

const repository = '/repos/{owner}/{repo}';

/** Each route with the methods used. A request to any other is a mistake of the driver. */
const routes: Readonly<Record<string, readonly string[]>> = {
  [repository]: ['get'],
  [`${repository}/pulls`]: ['get', 'post'],
  [`${repository}/pulls/{pull_number}/reviews`]: ['get'],
  [`${repository}/issues`]: ['get', 'post'],
  [`${repository}/issues/{issue_number}`]: ['get', 'patch'],
  [`${repository}/issues/{issue_number}/comments`]: ['get', 'post'],
  [`${repository}/issues/comments/{comment_id}`]: ['patch'],
  [`${repository}/issues/{issue_number}/labels`]: ['post'],
  [`${repository}/issues/{issue_number}/labels/{name}`]: ['delete'],
  [`${repository}/issues/{issue_number}/assignees`]: ['post'],
  [`${repository}/issues/{issue_number}/events`]: ['get'],
  [`${repository}/collaborators/{username}/permission`]: ['get'],
  [`${repository}/actions/artifacts`]: ['get'],
  [`${repository}/actions/runs/{run_id}/artifacts`]: ['get'],
  [`${repository}/actions/artifacts/{artifact_id}/{archive_format}`]: ['get'],
};

type Node = { readonly [key: string]: unknown };

const isNode = (value: unknown): value is Node => typeof value === 'object' && value !== null;

const forReaders = new Set([
  'description',
  'summary',
  'example',
  'examples',
  'externalDocs',
  'headers',
  'tags',
  'title',
]);

/** A copy without words and `x-...`; `properties` are names, so nothing of theirs is left out. */
const strip = (value: unknown, names = false): unknown => {
  if (Array.isArray(value)) return value.map((item) => strip(item));
  if (!isNode(value)) return value;
  const kept = Object.entries(value).filter(
    ([key]) => names || !(forReaders.has(key) || key.startsWith('x-')),
  );
  return Object.fromEntries(
    kept.map(([key, child]) => [
      key,
      key === 'enum' && !names ? child : strip(child, key === 'properties' && !names),
    ]),
  );
};

const refsIn = (value: unknown): readonly string[] => {
  if (Array.isArray(value)) return value.flatMap(refsIn);
  if (!isNode(value)) return [];
  const { $ref } = value;
  return [...(typeof $ref === 'string' ? [$ref] : []), ...Object.values(value).flatMap(refsIn)];
};

const [from] = process.argv.slice(2);
if (from === undefined) throw new Error('give the path of api.github.com.json');
const whole = JSON.parse(readFileSync(from, 'utf8')) as {
  readonly openapi: string;
  readonly info: { readonly version: string };
  readonly paths: Readonly<Record<string, Node>>;
  readonly components: Readonly<Record<string, Readonly<Record<string, unknown>>>>;
};

const paths = Object.fromEntries(
  Object.entries(routes).map(([path, methods]) => {
    const item = whole.paths[path];
    if (!item) throw new Error(`${path} is not in ${from}`);
    return [path, Object.fromEntries(methods.map((method) => [method, strip(item[method])]))];
  }),
);

const components: Record<string, Record<string, unknown>> = {};
const wanted = [...refsIn(paths)];
for (let ref = wanted.pop(); ref !== undefined; ref = wanted.pop()) {
  const [, , kind = '', name = ''] = ref.split('/');
  if (components[kind]?.[name] !== undefined) continue;
  const part = strip(whole.components[kind]?.[name]);
  components[kind] = { ...components[kind], [name]: part };
  wanted.push(...refsIn(part));
}

const sorted = (record: Record<string, unknown>) =>
  Object.fromEntries(Object.entries(record).sort(([a], [b]) => (a < b ? -1 : 1)));
const extract = {
  openapi: whole.openapi,
  info: {
    title: 'The part of the GitHub REST API that Pantheon uses',
    version: whole.info.version,
  },
  paths,
  components: sorted(
    Object.fromEntries(Object.entries(components).map(([kind, parts]) => [kind, sorted(parts)])),
  ),
};
const to = join(import.meta.dirname, '..', 'test', 'simulated-github', 'fixtures', 'openapi.json');
writeFileSync(to, `${JSON.stringify(extract)}\n`);
process.stdout.write(
  `${to}: ${Object.keys(routes).length} paths, ${JSON.stringify(extract).length} bytes\n`,
);
