// SPDX-License-Identifier: GPL-3.0-only
import { existsSync, mkdirSync, readdirSync, readFileSync, statSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import test, { type ExecutionContext } from 'ava';
import { sha256 } from '../../src/data/digest.ts';
import { readLockFile } from '../../src/day/models/lock-file.ts';
import { type Pulled, type PullOptions, pull } from '../../src/day/models/pull.ts';
import { openWeb } from '../../src/day/models/web.ts';
import { resolveModel } from '../../src/engine/model-files.ts';
import { acquireLock } from '../../src/trace/lock.ts';
import { temporaryFolder, writeFiles } from '../workspace/with-repository.ts';
import { type Mischief, openHub, type SimulatedHub } from './simulated-hub.ts';

const weights = Buffer.from(`GGUF${'0123456789abcdef'.repeat(20_000)}`);
const files = { 'tiny.gguf': weights };

type Place = {
  readonly folder: string;
  readonly checkout: string;
  readonly pull: (name: string, more?: Partial<PullOptions>) => Promise<Pulled>;
};

const makePlace = async (t: ExecutionContext, hub: string): Promise<Place> => {
  const [folder, checkout] = [temporaryFolder(t), temporaryFolder(t)];
  const web = await openWeb({ idleTimeoutMs: 2_000 });
  t.teardown(() => web.close());
  return {
    folder,
    checkout,
    pull: (name, more) =>
      pull({
        name,
        modelsFolder: folder,
        checkout,
        hub,
        web,
        signal: AbortSignal.timeout(20_000),
        onBytes: () => {},
        pauseMs: 1,
        ...more,
      }),
  };
};

const from = 'hub:owner/model';

const open = async (
  t: ExecutionContext,
  mischief?: Mischief,
): Promise<Place & { hub: SimulatedHub }> => {
  const hub = await openHub(t, { files, ...(mischief && { mischief }) });
  return { hub, ...(await makePlace(t, hub.url)) };
};

const parts = ({ folder }: Place): readonly string[] => readdirSync(join(folder, '.parts'));

test('a GGUF of a simulated hub is fetched, named, pinned and found', async (t) => {
  const place = await open(t);
  const pulled = await place.pull('tiny', { from });
  const digest = sha256(weights);
  t.like(pulled, { name: 'tiny', source: from, revision: place.hub.revision, digest });
  t.is(pulled.fetched, weights.length);
  t.deepEqual(readdirSync(join(place.folder, 'blobs')), [digest]);
  t.deepEqual(parts(place), []);
  const lock = await readLockFile(place.checkout);
  t.deepEqual(lock.models.tiny, {
    source: from,
    revision: place.hub.revision,
    digest,
    files: [{ path: 'tiny.gguf', size: weights.length, sha256: digest }],
  });
  const models = { folders: [place.folder], lock };
  const found = await resolveModel('tiny', { setting: 'profiles.x.default', models });
  t.is(found.path, join(place.folder, 'tiny.gguf'));
  t.deepEqual(found.pin, lock.models.tiny);
});

test('a folder is fetched whole, without hidden files, and each file is kept once', async (t) => {
  const folder = {
    'config.json': '{}',
    'generation_config.json': '{}',
    '.gitattributes': 'x',
    'openvino_model.xml': '<net/>',
    'openvino_model.bin': 'weights',
    'sub/näme 1.json': '[]',
  };
  const hub = await openHub(t, { files: folder });
  const place = await makePlace(t, hub.url);
  const { path, digest = '' } = await place.pull('q/ov', { from });
  t.is(path, join(place.folder, 'q/ov'));
  t.deepEqual(readdirSync(path ?? '').sort(), [
    'config.json',
    'generation_config.json',
    'openvino_model.bin',
    'openvino_model.xml',
    'sub',
  ]);
  t.is(readFileSync(join(path ?? '', 'sub/näme 1.json'), 'utf8'), '[]');
  t.is(
    statSync(join(path ?? '', 'config.json')).ino,
    statSync(join(path ?? '', 'generation_config.json')).ino,
  );
  const lock = await readLockFile(place.checkout);
  const ask = { setting: 'x', models: { folders: [place.folder], lock } };
  t.like(await resolveModel('q/ov', ask), { form: 'openvino', digest });
});

test('a second pull fetches nothing', async (t) => {
  const place = await open(t);
  await place.pull('tiny', { from });
  const asked = place.hub.log.length;
  t.is((await place.pull('other', { from })).fetched, 0);
  t.deepEqual(place.hub.log.slice(asked), ['GET /api/models/owner/model/revision/main']);
});

test('a dry run writes nothing', async (t) => {
  const place = await open(t);
  const { fetched, files: told } = await place.pull('tiny', { from, dryRun: true });
  t.is(fetched, weights.length);
  t.deepEqual(told, [{ path: 'tiny.gguf', size: weights.length, sha256: sha256(weights) }]);
  t.deepEqual(readdirSync(place.folder), []);
  t.deepEqual(readdirSync(place.checkout), []);
});

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
  const place = await open(t, after(100_000, 3));
  t.is((await place.pull('tiny', { from, onBytes })).digest, sha256(weights));
  const ranges = place.hub.log.filter((line) => line.includes('/cdn/'));
  t.is(ranges.length, 4);
  t.true(ranges.slice(1).every((line) => / bytes=[1-9]\d*-$/.test(line)));
});

test('one that is cut again and again ends with what is here, and a later run goes on', async (t) => {
  let broken = true;
  const { after, onBytes } = makeCutter();
  const place = await open(t, (asked) => {
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
  t.true(parts(place).length > 0);
  broken = false;
  const asked = place.hub.log.length;
  t.is((await place.pull('tiny', { from })).digest, sha256(weights));
  t.regex(place.hub.log.slice(asked).at(-1) ?? '', / bytes=[1-9]\d*-$/);
});

test('a server that falls silent is given up and asked anew', async (t) => {
  const place = await open(t, ({ n, response, body, etag }) => {
    if (n > 1) return false;
    response.writeHead(200, { etag, 'content-length': body.length });
    response.write(body.subarray(0, 1000));
    return true;
  });
  t.is((await place.pull('tiny', { from })).digest, sha256(weights));
});

test('content that changed in between starts anew, by its ETag', async (t) => {
  const changed = Buffer.from(weights).fill('x', 4);
  const { after, onBytes } = makeCutter();
  const place = await open(t, (asked) => {
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
  const place = await open(t, (asked) => {
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
    /sends more than the 320004 bytes it should hold/,
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
    const place = await open(t, mischief);
    await t.throwsAsync(place.pull('tiny', { from }), { name: 'UserError', message });
    t.false(existsSync(join(place.folder, 'tiny.gguf')));
    t.false(existsSync(join(place.folder, 'blobs')));
    t.false(existsSync(join(place.checkout, 'models.lock')));
    t.deepEqual(
      parts(place).filter((name) => statSync(join(place.folder, '.parts', name)).size > 0),
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
  t.is((await (await open(t, busy(3))).pull('tiny', { from })).digest, sha256(weights));
  await t.throwsAsync((await open(t, busy(99))).pull('tiny', { from }), {
    name: 'UserError',
    message: /is not served for now \(HTTP 503\); run it again/,
  });
});

const redirects: Readonly<Record<string, readonly [location: string, message: RegExp]>> = {
  'plain http elsewhere': [
    'http://mirror.example/x',
    /redirects to http:\/\/mirror\.example\/x, which is not https/,
  ],
  'a file of this machine': ['file:///etc/passwd', /which is not https/],
  'an address with a password': ['https://user:pass@mirror.example/x', /which is no address/],
  'loopback by name': ['http://localhost/x', /which is not https/],
  'itself for ever': [
    '/owner/model/resolve/c0ffeec0ffeec0ffeec0ffeec0ffeec0ffeec0ff/tiny.gguf',
    /redirects more than 8 times/,
  ],
};

for (const [title, [location, message]] of Object.entries(redirects)) {
  test(`a redirect to ${title} is refused`, async (t) => {
    const hub = await openHub(t, { files, location: () => location });
    const place = await makePlace(t, hub.url);
    await t.throwsAsync(place.pull('tiny', { from }), { name: 'UserError', message });
  });
}

test('the account’s token goes to the hub and not to where it redirects', async (t) => {
  const elsewhere = await openHub(t, {
    files,
    mischief: ({ request, response }) => {
      if (request.headers.authorization === undefined) return false;
      response.writeHead(500).end();
      return true;
    },
  });
  const hub = await openHub(t, {
    files,
    token: 'secret',
    location: () => `${elsewhere.url}cdn/tiny.gguf`,
  });
  const place = await makePlace(t, hub.url);
  const web = await openWeb({ token: { origin: new URL(hub.url).origin, value: 'secret' } });
  t.teardown(() => web.close());
  t.is((await place.pull('tiny', { from, web })).digest, sha256(weights));
  await t.throwsAsync(place.pull('tiny', { from }), { message: /HTTP 401/ });
});

const answers: Readonly<Record<string, readonly [info: unknown, message: RegExp]>> = {
  'no JSON': ['<html>', /answers with what is no JSON/],
  'JSON of another form': [{ hello: 1 }, /not in the usual form \(sha: /],
  'a hash that is none': [
    { sha: 'c'.repeat(40), siblings: [{ rfilename: 'a.gguf', lfs: { sha256: '../x', size: 1 } }] },
    /not in the usual form \(siblings\.0\.lfs\.sha256: /,
  ],
  'only paths upwards': [
    { sha: 'c'.repeat(40), siblings: [{ rfilename: '../../x.gguf' }, { rfilename: '/etc/x' }] },
    /holds no files/,
  ],
  'more than the disk holds': [
    {
      sha: 'c'.repeat(40),
      siblings: [{ rfilename: 'a.gguf', lfs: { sha256: 'a'.repeat(64), size: 9e15 } }],
    },
    /needs 9000000000000000 bytes and the disk has room for \d+/,
  ],
};

for (const [title, [info, message]] of Object.entries(answers)) {
  test(`a hub that answers ${title} is refused`, async (t) => {
    const hub = await openHub(t, { files, info: () => info });
    const place = await makePlace(t, hub.url);
    await t.throwsAsync(place.pull('tiny', { from }), { name: 'UserError', message });
    t.false(existsSync(join(place.folder, 'blobs')));
  });
}

test('of several GGUF models one has to be chosen, with all its parts', async (t) => {
  const hub = await openHub(t, {
    files: {
      'README.md': 'x',
      'q4.gguf': 'GGUF q4',
      'q8-00001-of-00002.gguf': 'GGUF 1',
      'q8-00002-of-00002.gguf': 'GGUF 2',
    },
  });
  const place = await makePlace(t, hub.url);
  await t.throwsAsync(place.pull('m', { from }), {
    message:
      /several GGUF models; choose one with --file; there are q4\.gguf, q8-00001-of-00002\.gguf$/,
  });
  await t.throwsAsync(place.pull('m', { from, files: ['q5.gguf'] }), {
    message: /has no file "q5\.gguf"; there are q4\.gguf/,
  });
  const { path } = await place.pull('m', { from, files: ['q8-00001-of-00002.gguf'] });
  t.deepEqual(readdirSync(path ?? ''), ['q8-00001-of-00002.gguf', 'q8-00002-of-00002.gguf']);
  const models = { folders: [place.folder], lock: await readLockFile(place.checkout) };
  const found = await resolveModel('m', { setting: 'x', models });
  t.is(found.path, join(place.folder, 'm/q8-00001-of-00002.gguf'));
});

test('without --from a model is what was pinned, or nothing', async (t) => {
  const place = await open(t);
  await place.pull('tiny', { from });
  const again = await makePlace(t, place.hub.url);
  writeFileSync(
    join(again.checkout, 'models.lock'),
    readFileSync(join(place.checkout, 'models.lock')),
  );
  t.is((await again.pull('models/tiny')).digest, sha256(weights));
  t.true(place.hub.log.includes(`GET /api/models/owner/model/revision/${place.hub.revision}`));
  place.hub.put('tiny.gguf', Buffer.from('GGUF other'));
  const third = await makePlace(t, place.hub.url);
  writeFileSync(
    join(third.checkout, 'models.lock'),
    readFileSync(join(place.checkout, 'models.lock')),
  );
  await t.throwsAsync(third.pull('tiny'), {
    name: 'UserError',
    message:
      /models\.lock pins 320004 bytes with sha256 \w+, the source now has 10 with \w+; give --from/,
  });
  await t.throwsAsync(third.pull('unknown'), {
    message: /models\.lock does not pin "unknown"; give --from/,
  });
});

test('a new source takes the place of the old model at once', async (t) => {
  const place = await open(t);
  await place.pull('m', { from });
  const local = temporaryFolder(t);
  writeFiles(local, { 'config.json': '{}', 'model.safetensors': 'w' });
  for (const source of [local, from, local]) {
    const { path = '' } = await place.pull('m', { from: source });
    t.true(existsSync(path));
  }
  t.deepEqual(readdirSync(place.folder).sort(), ['.lock', '.parts', 'blobs', 'm', 'm.gguf']);
  const pin = (await readLockFile(place.checkout)).models.m;
  t.is(pin?.source, 'local');
  t.deepEqual(
    pin?.files?.map(({ path }) => path),
    ['config.json', 'model.safetensors'],
  );
});

test('what was pulled cannot be changed by accident', async (t) => {
  const place = await open(t);
  const { path = '' } = await place.pull('tiny', { from });
  t.is(statSync(path).mode & 0o222, 0);
});

test('an address must give what is asked of it', async (t) => {
  const place = await open(t);
  const url = `${place.hub.url}cdn/tiny.gguf`;
  const wrong = place.pull('tiny', { from: url, sha256: 'a'.repeat(64) });
  await t.throwsAsync(wrong, { message: /expected sha256 a{64}, found/ });
  t.is((await place.pull('tiny', { from: url, sha256: sha256(weights) })).source, url);
});

test('two at once: the second is told who is at work', async (t) => {
  const place = await open(t);
  mkdirSync(join(place.folder, '.lock'), { recursive: true });
  const release = await acquireLock(join(place.folder, '.lock'), 'models pull big');
  await t.throwsAsync(place.pull('tiny', { from }), {
    message: /at work here since .*models pull big/,
  });
  release();
  t.is((await place.pull('tiny', { from })).digest, sha256(weights));
});

test('stopping keeps what is here', async (t) => {
  const place = await open(t);
  const stop = new AbortController();
  const onBytes = (_: string, done: number) => {
    if (done > 100_000) stop.abort(new Error('a night began'));
  };
  await t.throwsAsync(place.pull('tiny', { from, signal: stop.signal, onBytes }), {
    message: 'a night began',
  });
  t.true(parts(place).some((name) => statSync(join(place.folder, '.parts', name)).size > 100_000));
  await place.pull('tiny', { from });
  t.regex(place.hub.log.at(-1) ?? '', / bytes=[1-9]\d*-$/);
});

const wrongs: Readonly<Record<string, readonly [name: string, from: string, message: RegExp]>> = {
  'a name upwards': ['../x', from, /cannot be a model's name/],
  'a name among the blobs': ['blobs/x', from, /cannot be a model's name/],
  'plain http': ['x', 'http://mirror.example/x.gguf', /is not https/],
  'another protocol': ['x', 'ftp://mirror.example/x.gguf', /is not https/],
  'a password': ['x', 'https://a:b@mirror.example/x.gguf', /holds credentials/],
  'a repository upwards': ['x', 'hub:../..', /names no repository/],
  'a revision upwards': ['x', 'hub:a/b@../x', /is no revision/],
  'an address without a file': [
    'x',
    'https://mirror.example/',
    /does not end in the name of a file/,
  ],
  'a folder that is not there': ['x', '/nowhere/x', /cannot be read \(ENOENT\)/],
};

for (const [title, [name, source, message]] of Object.entries(wrongs)) {
  test(`${title} is refused before anything is asked`, async (t) => {
    const place = await open(t);
    await t.throwsAsync(place.pull(name, { from: source }), { name: 'UserError', message });
    t.deepEqual(place.hub.log, []);
  });
}
