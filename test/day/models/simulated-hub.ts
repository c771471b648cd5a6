// SPDX-License-Identifier: GPL-3.0-only
import { createHash } from 'node:crypto';
import { once } from 'node:events';
import { createServer, type IncomingMessage, type ServerResponse } from 'node:http';
import type { AddressInfo } from 'node:net';
import type { ExecutionContext } from 'ava';
import { sha256 } from '../../../src/data/digest.ts';

/*
 * A hub in the form of Hugging Face's, on loopback: what it answers about a repository, where it
 * redirects to for large files, ETags and ranges. It says nothing about the real one's behaviour.
 */

export type HubFile = { readonly body: Buffer; readonly lfs: boolean };

/** Takes over a request for a file's bytes and says so; `n` counts those of this file from 1. */
export type Mischief = (asked: {
  readonly n: number;
  readonly path: string;
  readonly request: IncomingMessage;
  readonly response: ServerResponse;
  readonly body: Buffer;
  readonly etag: string;
}) => boolean;

export type SimulatedHub = {
  readonly url: string;
  readonly revision: string;
  /** `METHOD path range` of each request, in order. */
  readonly log: string[];
  /** Replaces a file's content; what the hub says of the repository changes with it. */
  readonly put: (path: string, body: string | Buffer) => void;
  readonly remove: (path: string) => void;
};

type Options = {
  readonly repo?: string;
  readonly files: Readonly<Record<string, string | Buffer>>;
  /** Changes what is told of the repository. */
  readonly info?: (info: Record<string, unknown>) => unknown;
  readonly mischief?: Mischief;
  /** Where large files are redirected to, from the address they would have. */
  readonly location?: (path: string) => string;
  readonly token?: string;
};

const isLarge = (path: string): boolean => /\.(?:gguf|bin|safetensors)$/.test(path);

const gitBlob = (body: Buffer): string =>
  createHash('sha1').update(`blob ${body.length}\0`).update(body).digest('hex');

export const openHub = async (t: ExecutionContext, options: Options): Promise<SimulatedHub> => {
  const { repo = 'owner/model', mischief, info = (said) => said, location, token } = options;
  const revision = 'c0ffee'.repeat(7).slice(0, 40);
  const files = new Map<string, HubFile>();
  const put = (path: string, body: string | Buffer) =>
    void files.set(path, { body: Buffer.from(body), lfs: isLarge(path) });
  for (const [path, body] of Object.entries(options.files)) put(path, body);
  const log: string[] = [];
  const counts = new Map<string, number>();

  const describe = () => ({
    id: repo,
    sha: revision,
    siblings: [...files].map(([rfilename, { body, lfs }]) => ({
      rfilename,
      size: body.length,
      blobId: gitBlob(body),
      ...(lfs && { lfs: { sha256: sha256(body), size: body.length, pointerSize: 134 } }),
    })),
  });

  const serve = (path: string, request: IncomingMessage, response: ServerResponse) => {
    const { body } = files.get(path) ?? { body: Buffer.alloc(0) };
    const etag = `"${sha256(body)}"`;
    const n = (counts.get(path) ?? 0) + 1;
    counts.set(path, n);
    if (mischief?.({ n, path, request, response, body, etag })) return;
    const from = Number(/^bytes=(\d+)-$/.exec(request.headers.range ?? '')?.[1] ?? 0);
    const same = request.headers['if-range'] === undefined || request.headers['if-range'] === etag;
    if (from > 0 && same && from < body.length) {
      const range = `bytes ${from}-${body.length - 1}/${body.length}`;
      response.writeHead(206, {
        etag,
        'content-range': range,
        'content-length': body.length - from,
      });
      response.end(body.subarray(from));
    } else if (from > 0 && same) response.writeHead(416).end();
    else response.writeHead(200, { etag, 'content-length': body.length }).end(body);
  };

  const server = createServer((request, response) => {
    const { pathname, searchParams } = new URL(request.url ?? '/', 'http://hub');
    log.push(
      `${request.method} ${pathname}${request.headers.range ? ` ${request.headers.range}` : ''}`,
    );
    if (token !== undefined && request.headers.authorization !== `Bearer ${token}`) {
      return response.writeHead(401).end();
    }
    if (
      pathname === `/api/models/${repo}/revision/main` ||
      pathname === `/api/models/${repo}/revision/${revision}`
    ) {
      const said = searchParams.get('blobs') === 'true' ? info(describe()) : {};
      return response.end(typeof said === 'string' ? said : JSON.stringify(said));
    }
    const resolved = decodeURIComponent(pathname.replace(`/${repo}/resolve/${revision}/`, ''));
    if (files.has(resolved)) {
      if (!isLarge(resolved)) return serve(resolved, request, response);
      const to = location?.(resolved) ?? `/cdn/${encodeURIComponent(resolved)}?signature=x`;
      return response.writeHead(302, { location: to }).end('moved');
    }
    const stored = decodeURIComponent(pathname.replace('/cdn/', ''));
    if (files.has(stored)) return serve(stored, request, response);
    return response.writeHead(404).end();
  });
  server.listen(0, '127.0.0.1');
  await once(server, 'listening');
  t.teardown(() => {
    server.close();
    server.closeAllConnections();
  });
  const { port } = server.address() as AddressInfo;
  return {
    url: `http://127.0.0.1:${port}/`,
    revision,
    log,
    put,
    remove: (path) => void files.delete(path),
  };
};
