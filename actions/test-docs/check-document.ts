// SPDX-License-Identifier: GPL-3.0-only
import type { Input } from '../../src/agent/schema.ts';
import { decodeMarkdown, isRefused } from '../../src/markdown/decode-markdown.ts';
import { firstCommitDateOf } from '../../src/markdown/first-commit-date.ts';
import { foreignFront } from '../../src/markdown/foreign-front.ts';
import { linkResolves, linksOf } from '../../src/markdown/links.ts';
import type { FileChange, Overlay } from '../../src/workspace/overlay.ts';
import type { Asked } from './asked.ts';
import { findUnmet, keysOf } from './check-front.ts';
import { commentsOnTop, findUnsaid, type HeaderIntent, insertedComment } from './check-header.ts';
import { findTouched } from './check-touched.ts';
import { type RawNote, takeApart, valuesIn } from './raw-front.ts';

export type Check = {
  readonly path: string;
  readonly check:
    | 'acceptance'
    | 'text'
    | 'body'
    | 'frontmatter'
    | 'header'
    | 'links'
    | 'spec-checks';
  readonly ok: boolean;
  readonly reason?: string;
};

export type DocumentCase = {
  readonly path: string;
  readonly change: FileChange | undefined;
  readonly input: Input;
  readonly overlay: Overlay;
  readonly asked: Asked;
};

/** All checks of one path; a document that cannot be read is one failed check. */
export const checkDocument = async (subject: DocumentCase): Promise<readonly Check[]> => {
  const { path, change, overlay, asked } = subject;
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
  const headers = asked.headersFor(path);
  const demands = asked.frontFor(path);
  if (!/\.(?:md|markdown)$/i.test(path)) {
    const [before, after] = [withoutMark(base), withoutMark(patched)];
    const kept = latin1(base).length - before.length === latin1(patched).length - after.length;
    const fault = kept
      ? checkInserted(path, before, after, headers)
      : 'the byte order mark has changed';
    return [said('text', undefined), said('header', fault)];
  }
  const [old, now] = [takeApart(base), takeApart(patched)];
  const checks = [said('text', undefined)];
  if (old.bom !== now.bom) checks.push(said('body', 'the byte order mark has changed'));
  else if (headers.length > 0)
    checks.push(said('header', checkInserted(path, old.body, now.body, headers)));
  else
    checks.push(
      said(
        'body',
        old.body === now.body ? undefined : 'the text below the frontmatter has changed',
      ),
    );
  checks.push(said('frontmatter', checkFront(old, now, demands, subject)));
  const links = linksFault(subject, utf8(old.body), utf8(now.body));
  return [...checks, said('links', links)];
};

const withoutMark = (bytes: Uint8Array): string => latin1(bytes).replace(/^\xef\xbb\xbf/, '');

const utf8 = (text: string): string => Buffer.from(text, 'latin1').toString('utf8');

const latin1 = (bytes: Uint8Array): string => Buffer.from(bytes).toString('latin1');

const checkInserted = (
  path: string,
  before: string,
  after: string,
  headers: readonly HeaderIntent[],
): string | undefined => {
  if (headers.length === 0)
    return before === after ? undefined : 'the spec asks for no change here';
  const comment =
    before === after ? commentsOnTop(path, after) : insertedComment(path, before, after);
  if (comment === undefined) return 'more has changed than a comment at the top';
  const text = utf8(comment);
  return headers.map((header) => findUnsaid(text, header)).find((fault) => fault !== undefined);
};

const checkFront = (
  old: RawNote,
  now: RawNote,
  demands: ReturnType<Asked['frontFor']>,
  { path, input }: DocumentCase,
): string | undefined => {
  if (!demands)
    return old.front === now.front
      ? undefined
      : 'the frontmatter has changed, but the spec does not mention it';
  const foreign =
    old.front === '' && old.front !== now.front ? foreignFront(utf8(old.body)) : undefined;
  if (foreign) return `the file already has ${foreign} frontmatter`;
  const [was, is] = [valuesIn(old.front), valuesIn(now.front)];
  if (!was || !is) return 'the frontmatter is not valid YAML';
  const body = utf8(old.body);
  const facts = { path, body, firstCommitDate: firstCommitDateOf(input.with, path) };
  return findTouched(old, now, keysOf(demands)) ?? findUnmet(was, is, demands, facts);
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
