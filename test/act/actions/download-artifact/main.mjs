// SPDX-License-Identifier: GPL-3.0-only
import { createRequire } from 'node:module';
import { join, matchesGlob } from 'node:path';

const { ARTIFACT_PATH, ARTIFACT_PATTERN, PANTHEON_ARTIFACT } = process.env;
const { DefaultArtifactClient } = createRequire(join(PANTHEON_ARTIFACT, 'x.js'))(
  '@actions/artifact',
);

const client = new DefaultArtifactClient();
const { artifacts } = await client.listArtifacts();
for (const { id, name } of artifacts) {
  if (!matchesGlob(name, ARTIFACT_PATTERN)) continue;
  await client.downloadArtifact(id, { path: join(ARTIFACT_PATH, name) });
}
