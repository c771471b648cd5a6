// SPDX-License-Identifier: GPL-3.0-only
import { createHash } from 'node:crypto';
import { createReadStream } from 'node:fs';
import { lstat, readdir, readFile, rename, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { z } from 'zod';
import { sha256 } from '../../data/digest.ts';
import { isSegment } from '../../trace/bundle.ts';

/** Beside the files of an artifact. */
export const contentsName = 'contents.json';

const digestSchema = z.string().regex(/^[0-9a-f]{64}$/);

/** `contents.json`: what an artifact is and every file it holds. */
export const artifactContentsSchema = z.strictObject({
  version: z.literal(1),
  artifact: z.string().describe('Its own name: a renamed artifact is none'),
  night: digestSchema.optional().describe('sha256 of the contents.json of its night'),
  complete: z.boolean().describe('Whether every unit of the job reached an end'),
  files: z
    .array(z.strictObject({ path: z.string(), sha256: digestSchema, bytes: z.int().min(0) }))
    .max(100_000),
});

export type ArtifactContents = Readonly<z.output<typeof artifactContentsSchema>>;

/** An artifact that is not what its job left; the message says why, without its name. */
export class ArtifactFault extends Error {
  override readonly name = 'ArtifactFault';
}

const mostEntries = 200_000;
const mostBytes = 8 * 1024 ** 3;
const mostContentsBytes = 64 * 1024 ** 2;
const deepest = 3;

/** Writes `contents.json` over everything in a folder and returns its sha256. */
export const sealFolder = async (
  folder: string,
  facts: Pick<ArtifactContents, 'artifact' | 'night' | 'complete'>,
): Promise<string> => {
  const files: ArtifactContents['files'] = [];
  for (const { path, bytes } of await filesIn(folder)) {
    if (path === contentsName) continue;
    files.push({ path, sha256: await fileDigest(join(folder, path)), bytes });
  }
  const text = `${JSON.stringify({ version: 1, ...facts, files }, null, 1)}\n`;
  await writeFile(join(folder, `.${contentsName}`), text);
  await rename(join(folder, `.${contentsName}`), join(folder, contentsName));
  return sha256(text);
};

/**
 * What an artifact's folder says it holds, once it is shown that it holds exactly that.
 * @throws ArtifactFault for a link, a name or size that no job leaves, or anything altered.
 */
export const readContents = async (
  folder: string,
  name: string,
): Promise<{ readonly contents: ArtifactContents; readonly digest: string }> => {
  const present = await filesIn(folder);
  const contentsFile = present.find(({ path }) => path === contentsName);
  if (!contentsFile) throw new ArtifactFault(`has no ${contentsName}`);
  if (contentsFile.bytes > mostContentsBytes)
    throw new ArtifactFault(`${contentsName} is too large`);
  const text = await readFile(join(folder, contentsName), 'utf8');
  const contents = parse(text);
  if (contents.artifact !== name) {
    throw new ArtifactFault(`was left as ${JSON.stringify(contents.artifact.slice(0, 200))}`);
  }
  const listed = new Map(contents.files.map((file) => [file.path, file]));
  if (listed.size < contents.files.length) throw new ArtifactFault('lists a file twice');
  for (const { path, bytes } of present) {
    if (path === contentsName) continue;
    const file = listed.get(path);
    if (!file) throw new ArtifactFault(`holds ${path}, which its job did not leave`);
    if (file.bytes !== bytes || (await fileDigest(join(folder, path))) !== file.sha256) {
      throw new ArtifactFault(`${path} was altered: its sha256 is not the one its job wrote down`);
    }
    listed.delete(path);
  }
  const [missing] = listed.keys();
  if (missing !== undefined) throw new ArtifactFault(`${missing} is missing`);
  return { contents, digest: sha256(text) };
};

const parse = (text: string): ArtifactContents => {
  try {
    return artifactContentsSchema.parse(JSON.parse(text));
  } catch (cause) {
    throw new ArtifactFault(`${contentsName} is not what a job writes`, { cause });
  }
};

type PlainFile = { readonly path: string; readonly bytes: number };

/** Plain files below a folder, sorted; nothing else may be there. @throws ArtifactFault */
const filesIn = async (folder: string): Promise<readonly PlainFile[]> => {
  const files: PlainFile[] = [];
  let entries = 0;
  let bytes = 0;
  const walk = async (below: string, depth: number): Promise<void> => {
    for (const name of (await readdir(join(folder, below))).sort()) {
      const path = below === '' ? name : `${below}/${name}`;
      entries += 1;
      if (entries > mostEntries) throw new ArtifactFault('holds too many files');
      if (!isSegment(name)) {
        throw new ArtifactFault(`holds ${JSON.stringify(path.slice(0, 200))}, which is not a name`);
      }
      const stat = await lstat(join(folder, path));
      if (stat.isDirectory() && depth < deepest) await walk(path, depth + 1);
      else if (!stat.isFile()) throw new ArtifactFault(`${path} is not a plain file`);
      else {
        bytes += stat.size;
        if (bytes > mostBytes) throw new ArtifactFault('is too large');
        files.push({ path, bytes: stat.size });
      }
    }
  };
  await walk('', 1);
  return files;
};

const fileDigest = async (path: string): Promise<string> => {
  const hash = createHash('sha256');
  for await (const chunk of createReadStream(path)) hash.update(chunk);
  return hash.digest('hex');
};
