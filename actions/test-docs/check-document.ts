// SPDX-License-Identifier: GPL-3.0-only
import { decodeMarkdown, isMarkdown, isRefused } from '../../src/markdown/decode-markdown.ts';
import { splitFrontmatter } from '../../src/markdown/frontmatter.ts';
import { linkResolves, linksOf } from '../../src/markdown/links.ts';
import type { FileChange, Overlay } from '../../src/workspace/overlay.ts';

export type Check = {
  readonly path: string;
  readonly check: 'text' | 'body' | 'frontmatter' | 'links' | 'spec-checks';
  readonly ok: boolean;
  readonly reason?: string;
};

export type DocumentCase = {
  readonly path: string;
  readonly change: FileChange | undefined;
  readonly overlay: Overlay;
  /** Whether a chore is asked for that changes more than frontmatter. */
  readonly mayChangeBody: boolean;
};

/** All checks of one path; a document that cannot be read is one failed check. */
export const checkDocument = async (subject: DocumentCase): Promise<readonly Check[]> => {
  const { path, change, overlay, mayChangeBody } = subject;
  const said = (check: Check['check'], reason: string | undefined): Check => ({
    path,
    check,
    ok: reason === undefined,
    ...(reason !== undefined && { reason }),
  });
  const base = await overlay.read(path, 'base');
  const patched = await overlay.read(path, 'patched');
  if (!base) return [said('text', 'the file is new, and this flow creates no documents')];
  if (!patched) return [said('text', 'the file was removed')];
  const entry = overlay.base.entries.get(path);
  if (change && entry && change.mode !== entry.mode)
    return [said('text', 'the file mode was changed')];
  const decoded = decodeMarkdown(patched);
  if (isRefused(decoded)) return [said('text', `the file ${decoded.refused}`)];
  if (!change) return [said('text', undefined)];
  if (!isMarkdown(path))
    return [said('text', mayChangeBody ? undefined : 'the file is not a document')];
  const [old, now] = [decodeMarkdown(base), splitFrontmatter(decoded.text)];
  const before = isRefused(old) ? old : splitFrontmatter(old.text);
  if (isRefused(now)) return [said('frontmatter', `the file ${now.refused}`)];
  if (isRefused(before))
    return [said('text', `the file could not be worked: it ${before.refused}`)];
  const kept = before.bom + before.body === now.bom + now.body;
  return [
    said('text', undefined),
    said('frontmatter', undefined),
    said('body', kept || mayChangeBody ? undefined : 'the text below the frontmatter has changed'),
    said('links', linksFault(subject, before.body, now.body)),
  ];
};

const linksFault = (
  { path, overlay }: DocumentCase,
  base: string,
  patched: string,
): string | undefined => {
  const before = linksOf(base);
  const after = linksOf(patched);
  const targets = new Set(after.map(({ kind, target }) => `${kind} ${target}`));
  const gone = before.find(({ kind, target }) => !targets.has(`${kind} ${target}`));
  if (gone) return `the link to ${gone.target} is gone`;
  const nothingRemoved = overlay.changes().every(({ mode }) => mode !== '000000');
  if (nothingRemoved && before.length === after.length) return undefined;
  const [baseFiles, files] = [new Set(overlay.list('base')), new Set(overlay.list('patched'))];
  const broken = before.find(
    (link) => linkResolves(link, path, baseFiles) && linkResolves(link, path, files) === false,
  );
  return broken && `the link to ${broken.target} no longer resolves`;
};
