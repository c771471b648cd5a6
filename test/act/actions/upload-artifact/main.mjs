// SPDX-License-Identifier: GPL-3.0-only
import { existsSync, globSync, statSync } from 'node:fs';
import http from 'node:http';
import { createRequire } from 'node:module';
import { dirname, join } from 'node:path';

const { ARTIFACT_NAME, ARTIFACT_PATH, IF_NO_FILES_FOUND, PANTHEON_ARTIFACT } = process.env;
const { DefaultArtifactClient } = createRequire(join(PANTHEON_ARTIFACT, 'x.js'))(
  '@actions/artifact',
);

// Azure's client cuts the `=` off the end of a signature, with which act's server knows it by no more.
const { request } = http;
http.request = (options, ...more) =>
  request(
    { ...options, path: options.path?.replace(/([?&]sig=[\w-]{43})(?=&)/, '$1%3D') },
    ...more,
  );

const isFile = existsSync(ARTIFACT_PATH) && statSync(ARTIFACT_PATH).isFile();
const folder = isFile ? dirname(ARTIFACT_PATH) : ARTIFACT_PATH;
const files = isFile
  ? [ARTIFACT_PATH]
  : existsSync(ARTIFACT_PATH)
    ? globSync('**/*', { cwd: ARTIFACT_PATH })
        .map((name) => join(ARTIFACT_PATH, name))
        .filter((file) => statSync(file).isFile())
    : [];
if (files.length > 0) {
  await new DefaultArtifactClient().uploadArtifact(ARTIFACT_NAME, files, folder);
} else if (IF_NO_FILES_FOUND === 'error') {
  console.error(`${ARTIFACT_PATH} has no files`);
  process.exitCode = 1;
}
