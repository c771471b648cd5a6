// SPDX-License-Identifier: GPL-3.0-only
import { existsSync, statSync } from 'node:fs';
import { join } from 'node:path';
import test from 'ava';
import { sha256 } from '../../../src/data/digest.ts';
import { downloadFile } from '../../../src/day/models/download.ts';
import { openWeb } from '../../../src/day/models/web.ts';
import { temporaryFolder } from '../../workspace/with-repository.ts';
import { type Mischief, openHub } from './simulated-hub.ts';
import { from, makePlace, openPlace, partsOf, weights } from './with-hub.ts';

type Cutter = {
  /** Sends `bytes` of the rest, the first `times` times, and breaks off once they are read. */
  readonly after: (bytes: number, times: number) => Mischief;
  readonly onBytes: (file: string, done: number) => void;
};

/** A connection that is torn down loses what is on the way, so the reader says when. */
const makeCutter = (): Cutter => {
  let pending: { readonly at: number; readonly cut: () => void } | undefined;
  return {
    after:
      (bytes, times) =>
      ({ n, request, response, body, etag }) => {
        if (n > times) return false;
        const start = Number(/^bytes=(\d+)-$/.exec(request.headers.range ?? '')?.[1] ?? 0);
        const range = `bytes ${start}-${body.length - 1}/${body.length}`;
        const headers = { etag, 'content-length': body.length - start };
        if (start > 0) response.writeHead(206, { ...headers, 'content-range': range });
        else response.writeHead(200, headers);
        response.flushHeaders();
        if (bytes === 0) response.destroy();
        else {
          pending = { at: start + bytes, cut: () => response.destroy() };
          response.write(body.subarray(start, start + bytes));
        }
        return true;
      },
    onBytes: (_, done) => {
      if (pending && done >= pending.at) pending.cut();
    },
  };
};

test('a connection that is cut goes on where it ended', async (t) => {
  const { after, onBytes } = makeCutter();
  const place = await openPlace(t, after(100_000, 3));
  t.is((await place.pull('tiny', { from, onBytes })).digest, sha256(weights));
  const ranges = place.hub.log.filter((line) => line.includes('/cdn/'));
  t.is(ranges.length, 4);
  t.true(ranges.slice(1).every((line) => / bytes=[1-9]\d*-$/.test(line)));
});

test('one that is cut again and again ends with what is here, and a later run goes on', async (t) => {
  let broken = true;
  const { after, onBytes } = makeCutter();
  const place = await openPlace(t, (asked) => {
    if (!broken) return false;
    // Once something, then nothing but headers.
    return after(asked.n === 1 ? 100_000 : 0, Number.POSITIVE_INFINITY)(asked);
  });
  await t.throwsAsync(place.pull('tiny', { from, onBytes }), {
    name: 'UserError',
    message: /tiny\.gguf: .*; run it again to go on from here/,
  });
  t.false(existsSync(join(place.folder, 'tiny.gguf')));
  t.false(existsSync(join(place.checkout, 'models.lock')));
  t.true(partsOf(place).length > 0);
  broken = false;
  const asked = place.hub.log.length;
  t.is((await place.pull('tiny', { from })).digest, sha256(weights));
  t.regex(place.hub.log.slice(asked).at(-1) ?? '', / bytes=[1-9]\d*-$/);
});

test('stopping keeps what is here', async (t) => {
  const place = await openPlace(t);
  const stop = new AbortController();
  const onBytes = (_: string, done: number) => {
    if (done > 100_000) stop.abort(new Error('a night began'));
  };
  await t.throwsAsync(place.pull('tiny', { from, signal: stop.signal, onBytes }), {
    message: 'a night began',
  });
  t.true(partsOf(place).some((name) => statSync(join(place.folder, '.parts', name)).size > 10_000));
  await place.pull('tiny', { from });
  t.regex(place.hub.log.at(-1) ?? '', / bytes=[1-9]\d*-$/);
});

test('a server that falls silent is given up and asked again', async (t) => {
  const place = await openPlace(t, ({ n, response, body, etag }) => {
    if (n > 1) return false;
    response.writeHead(200, { etag, 'content-length': body.length });
    response.write(body.subarray(0, 1000));
    return true;
  });
  t.is((await place.pull('tiny', { from })).digest, sha256(weights));
});

test('content that changed in between starts again, by its ETag', async (t) => {
  const changed = Buffer.from(weights).fill('x', 4);
  const { after, onBytes } = makeCutter();
  const place = await openPlace(t, (asked) => {
    if (asked.n === 1) return after(100_000, 1)(asked);
    asked.response.writeHead(200, { etag: '"new"', 'content-length': changed.length }).end(changed);
    return true;
  });
  const url = `${place.hub.url}cdn/tiny.gguf`;
  const { digest } = await place.pull('tiny', { from: url, onBytes });
  t.is(digest, sha256(changed));
  t.is(place.hub.log.at(-1)?.startsWith('GET /cdn/tiny.gguf bytes='), true);
});

test('a part of other content than was asked for is not put behind the old one', async (t) => {
  const changed = Buffer.from(weights).fill('x', 4);
  const { after, onBytes } = makeCutter();
  const place = await openPlace(t, (asked) => {
    const { n, response, request } = asked;
    if (n === 1) return after(100_000, 1)(asked);
    const start = Number(/^bytes=(\d+)-$/.exec(request.headers.range ?? '')?.[1] ?? 0);
    const headers = { etag: '"new"', 'content-length': changed.length - start };
    const range = `bytes ${start}-${changed.length - 1}/${changed.length}`;
    if (start > 0) response.writeHead(206, { ...headers, 'content-range': range });
    else response.writeHead(200, headers);
    response.end(changed.subarray(start));
    return true;
  });
  const { digest } = await place.pull('tiny', { from: `${place.hub.url}cdn/tiny.gguf`, onBytes });
  t.is(digest, sha256(changed));
});

type Lie = readonly [mischief: Mischief, message: RegExp];

const answer =
  (
    bytes: (body: Buffer) => Buffer,
    headers: (body: Buffer) => Record<string, string | number>,
  ): Mischief =>
  ({ response, body, etag }) => {
    response.writeHead(200, { etag, ...headers(body) }).end(bytes(body));
    return true;
  };

const lies: Readonly<Record<string, Lie>> = {
  'other bytes of the same length': [
    answer(
      (body) => Buffer.alloc(body.length, 'x'),
      (body) => ({ 'content-length': body.length }),
    ),
    new RegExp(`expected sha256 ${sha256(weights)}, found [0-9a-f]{64}; nothing of it was kept`),
  ],
  'more than it announced to the hub': [
    answer(
      (body) => Buffer.concat([body, body]),
      (body) => ({ 'content-length': body.length * 2 }),
    ),
    /expected 320004 bytes, the server has 640008/,
  ],
  'more, without saying how much': [
    answer(
      (body) => Buffer.concat([body, body]),
      () => ({}),
    ),
    /sends more than the 320004 bytes it should have/,
  ],
  'a compressed body': [
    answer(
      (body) => body,
      () => ({ 'content-encoding': 'gzip' }),
    ),
    /compresses its answer unasked/,
  ],
  'nothing but not found': [
    ({ response }) => {
      response.writeHead(404).end();
      return true;
    },
    /does not exist \(HTTP 404\)/,
  ],
  'a locked door': [
    ({ response }) => {
      response.writeHead(403).end();
      return true;
    },
    /needs an account; accept its terms there and set HF_TOKEN/,
  ],
};

for (const [title, [mischief, message]] of Object.entries(lies)) {
  test(`a server that sends ${title} is refused and leaves nothing`, async (t) => {
    const place = await openPlace(t, mischief);
    await t.throwsAsync(place.pull('tiny', { from }), { name: 'UserError', message });
    t.false(existsSync(join(place.folder, 'tiny.gguf')));
    t.false(existsSync(join(place.checkout, 'models.lock')));
    t.deepEqual(
      partsOf(place).filter((name) => statSync(join(place.folder, '.parts', name)).size > 0),
      [],
    );
  });
}

test('a small file that is not what git has is refused', async (t) => {
  const hub = await openHub(t, {
    files: { 'config.json': '{"a":1}' },
    mischief: answer(
      () => Buffer.from('{"a":2}'),
      () => ({}),
    ),
  });
  const place = await makePlace(t, hub.url);
  await t.throwsAsync(place.pull('m', { from }), { message: /expected git object \w+, found \w+/ });
});

test('too busy for now is asked again, and then said', async (t) => {
  const busy =
    (times: number): Mischief =>
    ({ n, response }) => {
      if (n > times) return false;
      response.writeHead(503).end();
      return true;
    };
  t.is((await (await openPlace(t, busy(3))).pull('tiny', { from })).digest, sha256(weights));
  await t.throwsAsync((await openPlace(t, busy(99))).pull('tiny', { from }), {
    name: 'UserError',
    message: /is not served for now \(HTTP 503\); run it again/,
  });
});

test('a file for which the disk has no room is not begun', async (t) => {
  const hub = await openHub(t, { files: { 'tiny.gguf': weights } });
  const web = await openWeb();
  t.teardown(() => web.close());
  const folder = temporaryFolder(t);
  const url = `${hub.url}cdn/tiny.gguf`;
  const options = { folder, web, signal: AbortSignal.timeout(20_000), onBytes: () => {} };
  await t.throwsAsync(downloadFile({ path: 'tiny.gguf', url }, { ...options, maxBytes: 1000 }), {
    name: 'UserError',
    message: /needs 320004 bytes and the disk has room for 1000; make room/,
  });
  t.false(existsSync(join(folder, sha256(url))));
});
