// SPDX-License-Identifier: GPL-3.0-only
import { isLoopback } from '../../boundary/local-address.ts';
import { UserError } from '../../data/user-error.ts';

/** Where a model comes from, as a person says it with `--from`. */
export type ModelSource =
  | { readonly kind: 'hub'; readonly repo: string; readonly revision: string }
  | { readonly kind: 'url'; readonly url: string }
  | { readonly kind: 'local'; readonly path: string };

const example =
  'give hub:OWNER/REPO, hub:OWNER/REPO@REVISION, an https address, or a folder or file of this machine';

/** @throws UserError when it is none of the three. */
export const readModelSource = (text: string): ModelSource => {
  if (text.startsWith('hub:')) return hubSource(text.slice('hub:'.length));
  if (/^[a-z][a-z0-9+.-]*:\/\//i.test(text)) {
    return { kind: 'url', url: webUrl(text, `--from: ${text}`).href };
  }
  if (text === '') throw new UserError(`--from: is empty; ${example}`);
  return { kind: 'local', path: text };
};

const hubSource = (text: string): ModelSource => {
  const at = text.indexOf('@');
  const repo = at < 0 ? text : text.slice(0, at);
  const revision = at < 0 ? 'main' : text.slice(at + 1);
  const part = '[A-Za-z0-9_](?:[A-Za-z0-9._-]{0,94}[A-Za-z0-9_])?';
  const good = new RegExp(`^${part}(?:/${part})?$`).test(repo) && !/\.\.|--/.test(repo);
  if (!good)
    throw new UserError(`--from: "${text}" does not name a repository of a hub; ${example}`);
  if (!/^[A-Za-z0-9][A-Za-z0-9._/-]{0,199}$/.test(revision) || revision.includes('..')) {
    throw new UserError(
      `--from: "${revision}" is not a revision; give a branch, a tag or a commit`,
    );
  }
  return { kind: 'hub', repo, revision };
};

/** What is written into models.lock. A path of this machine means nothing on another. */
export const sourceText = (source: ModelSource): string =>
  source.kind === 'hub' ? `hub:${source.repo}` : source.kind === 'url' ? source.url : 'local';

/** An address on the web that may be asked: https, or http on this machine. @throws UserError otherwise. */
export const webUrl = (text: string, what: string): URL => {
  const url = URL.parse(text);
  if (!url) throw new UserError(`${what}: is not a URL`);
  if (url.username !== '' || url.password !== '') {
    throw new UserError(`${what}: contains credentials; leave them out`);
  }
  if (url.protocol === 'https:' || isLoopbackHttp(url)) return url;
  throw new UserError(`${what}: is not https, so anyone on the way could change what comes`);
};

/** Plain http to an address of loopback: nobody is on the way. */
export const isLoopbackHttp = ({ protocol, hostname }: URL): boolean =>
  protocol === 'http:' && isLoopback(hostname.replace(/^\[(.*)\]$/, '$1'));
