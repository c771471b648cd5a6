// SPDX-License-Identifier: GPL-3.0-only
import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { createServer } from 'node:net';
import { homedir } from 'node:os';
import { join } from 'node:path';
import test, { type ExecutionContext } from 'ava';
import { sandboxSchema } from '../../../src/config/schema.ts';
import { openHands } from '../../../src/night/hand/hands.ts';
import { confinedTest } from '../../boundary/with-bubblewrap.ts';
import { each } from '../../each.ts';
import { temporaryFolder, writeFiles } from '../../workspace/with-repository.ts';

/* Rules of a repository in a process of their own: whatever they do, the one that asks goes on. */

const sandbox = sandboxSchema.parse({ memory: 600, processes: 20 });

const openRules = async (t: ExecutionContext, rules: string) => {
  const folder = temporaryFolder(t);
  writeFiles(folder, { 'agents/a/rules/default.ts': rules, 'package.json': '{"type":"module"}' });
  const hands = openHands({ chores: [], tools: [], sandbox });
  t.teardown(hands.close);
  const answer = await hands.openRules(join(folder, 'agents/a/rules/default.ts'));
  return async (content: string, signal = AbortSignal.timeout(50_000)) =>
    answer([{ role: 'user', content }], undefined as never, signal);
};

/** Rules that do what they are told, once; asked for anything else they say so. */
const told = (act: string): string => `import { writeSync } from 'node:fs';
export const answer = async ([{ content }]) => {
  if (content === 'do') { ${act} }
  return 'said ' + content;
};
`;

const fails = test.macro(async (t, act: string, said: RegExp) => {
  const ask = await openRules(t, told(act));
  t.is(await ask('first'), 'said first');
  await t.throwsAsync(ask('do'), { message: said });
  t.is(await ask('then'), 'said then');
});

if (confinedTest === test) {
  each(fails, {
    'it throws': ["throw new Error('no');", /^no$/],
    'it ends its process': [
      'process.exit(0);',
      /^\S+agents\/a\/rules\/default\.ts:3: its code ends the process\. End by return/,
    ],
    'it is killed': ["process.kill(process.pid, 'SIGKILL'); await new Promise(() => {});", /ended/],
    'it throws where nobody waits': [
      "setTimeout(() => { throw new Error('late'); }, 0);",
      /default\.ts:3: its code throws where nobody waits for it: late$/,
    ],
    'it prints what is no answer': [
      "writeSync(1, 'hello\\n'); await new Promise(() => {});",
      /^it wrote something that is not an answer$/,
    ],
    'it prints an answer of another shape': [
      'writeSync(1, \'{"is":"end","verdict":"approve"}\\n\'); await new Promise(() => {});',
      /^it wrote something that is not an answer$/,
    ],
    'it prints without an end': [
      "for (;;) writeSync(1, 'x'.repeat(1 << 20));",
      /^it wrote more than 64 MiB at once$/,
    ],
    'it answers with a gigabyte': ["return 'x'.repeat(1 << 29).slice(1);", /64 MiB|string|memory/i],
    'it takes all the memory': [
      'const all = []; for (;;) all.push(Array.from({ length: 1e6 }, (_, at) => ({ at })));',
      /ended|heap|memory/,
    ],
    'it takes memory beside its heap': [
      `const all = []; for (let at = 0; at < 60; at += 1) {
        all.push(Buffer.alloc(1 << 24, 1)); await new Promise((end) => setTimeout(end, 50)); }`,
      /^it used more than 600 MiB of memory\. Raise sandbox\.memory in pantheon\.yaml/,
    ],
    'WebAssembly takes memory': [
      `new Uint8Array(new WebAssembly.Memory({ initial: 12800 }).buffer).fill(1);
      await new Promise((end) => setTimeout(end, 3000));`,
      /^it used more than 600 MiB of memory/,
    ],
    'its temporary folder takes memory': [
      `const { writeFileSync } = await import('node:fs');
      for (let at = 0; at < 60; at += 1) writeFileSync('/tmp/' + at, Buffer.alloc(1 << 24, 1));
      await new Promise((end) => setTimeout(end, 3000));`,
      /^it used more than 600 MiB of memory/,
    ],
    'it starts many processes': [
      `const { spawn } = await import('node:child_process');
      for (let at = 0; at < 30; at += 1) spawn('sleep', ['5']);
      await new Promise((end) => setTimeout(end, 3000));`,
      /^it had more than 20 processes/,
    ],
  });

  test('an endless loop ends with the time of who asks, and the next one is answered', async (t) => {
    const ask = await openRules(t, told('for (;;);'));
    await t.throwsAsync(ask('do', AbortSignal.timeout(1000)), { name: 'TimeoutError' });
    t.is(await ask('then'), 'said then');
  });

  test('what code prints is nobody’s answer', async (t) => {
    const ask = await openRules(t, told("console.log('hello'); process.stdout.write('{}\\n');"));
    t.is(await ask('do'), 'said do');
  });

  test('rules that cannot be loaded say why', async (t) => {
    await t.throwsAsync(openRules(t, 'export const answer = (;\n'), {
      name: 'UserError',
      message: /default\.ts: the rules cannot be loaded: /,
    });
  });

  test('calls that end at once share a process, and those that wait for slow ones get another', async (t) => {
    const ask = await openRules(
      t,
      `import { setTimeout as sleep } from 'node:timers/promises';
const self = String(Math.random());
export const answer = async ([{ content }]) => { await sleep(Number(content)); return self; };
`,
    );
    const processesOf = async (ms: string, calls: number) =>
      new Set(await Promise.all(Array.from({ length: calls }, () => ask(ms)))).size;
    t.is(await processesOf('0', 16), 1);
    t.true((await processesOf('3000', 4)) > 1);
  });

  test('no network, no environment, no other process is in sight', async (t) => {
    process.env.PANTHEON_SECRET_OF_TEST = 'seen-by-code';
    const server = createServer((socket) => socket.end());
    await new Promise<void>((done) => server.listen(0, '127.0.0.1', done));
    t.teardown(() => void server.close());
    const { port } = server.address() as { readonly port: number };
    let met = 0;
    server.on('connection', () => {
      met += 1;
    });
    const ask = await openRules(
      t,
      `import { existsSync, readdirSync, readFileSync, writeFileSync } from 'node:fs';
import { connect } from 'node:net';
import { networkInterfaces } from 'node:os';
const write = (path) => { try { writeFileSync(path, 'x'); return path; } catch { return undefined; } };
const reach = (options) => new Promise((done) => {
  connect(options).on('connect', () => done('connected')).on('error', ({ code }) => done(code));
});
export const answer = async ([{ content }]) => {
  const { port, paths } = JSON.parse(content);
  const processes = readdirSync('/proc').filter((name) => /^[0-9]+$/.test(name));
  const seen = processes.map((pid) => {
    try { return readFileSync('/proc/' + pid + '/environ', 'latin1'); } catch { return ''; }
  }).join() + JSON.stringify(process.env);
  return JSON.stringify({
    seen: seen.includes('seen-by-code'),
    names: Object.keys(process.env).sort(),
    processes: processes.length,
    networks: Object.keys(networkInterfaces()),
    network: await reach({ port, host: '127.0.0.1' }),
    paths: paths.filter((path) => existsSync(path)),
    compiled: readdirSync(process.env.NODE_COMPILE_CACHE).includes('hand'),
    written: write(process.env.NODE_COMPILE_CACHE + '/new'),
  });
};
`,
    );
    const paths = [homedir(), join(homedir(), '.ssh'), '/etc/shadow', '/run', '/var', '/sys'];
    const found = JSON.parse(await ask(JSON.stringify({ port, paths })));
    t.deepEqual(found, {
      seen: false,
      names: ['HOME', 'LANG', 'NODE_COMPILE_CACHE', 'PANTHEON_HOME', 'PATH', 'PWD', 'TMPDIR'],
      processes: found.processes,
      networks: [],
      network: 'ENETUNREACH',
      paths: [],
      compiled: true,
    });
    t.true(found.processes <= 3, `${found.processes}`);
    t.is(met, 0);
  });

  test('a call starts no process: it takes about as long as a bare pipe and back', async (t) => {
    const ask = await openRules(t, told(''));
    const pipe = barePipe(t);
    const times = { hand: [] as number[], pipe: [] as number[] };
    const time = async (into: number[], call: (text: string) => Promise<unknown>) => {
      const start = performance.now();
      // As a unit that calls a few tools.
      for (let index = 0; index < 5; index += 1) await call('x'.repeat(5000));
      into.push(performance.now() - start);
    };
    for (let round = 0; round < 60; round += 1) {
      await time(times.pipe, pipe);
      await time(times.hand, ask);
    }
    const [hand, bare] = [Math.min(...times.hand), Math.min(...times.pipe)];
    t.log(`${hand.toFixed(2)} ms for five calls, ${bare.toFixed(2)} ms over a bare pipe`);
    // A process started for each call would take a thousand times as long.
    t.true(hand < 100 * bare, `${hand.toFixed(2)} and ${bare.toFixed(2)} ms`);
  });
}

/** Sends a text through `cat` and waits until all of it is back. */
const barePipe = (t: ExecutionContext): ((text: string) => Promise<unknown>) => {
  const { stdin, stdout } = spawn('cat', { stdio: ['pipe', 'pipe', 'inherit'] });
  t.teardown(() => stdin.end());
  return async (text) => {
    stdin.write(text);
    for (let left = text.length; left > 0; ) {
      const chunk: Buffer | null = stdout.read();
      if (chunk === null) await once(stdout, 'readable');
      else left -= chunk.length;
    }
  };
};

test('where nothing confines code, none is run, and the fix is told', async (t) => {
  const hands = openHands({ chores: [], tools: [], sandbox, bwrap: '/nowhere/bwrap' });
  t.teardown(hands.close);
  await t.throwsAsync(hands.openRules('/nowhere/agents/a/rules/default.ts'), {
    name: 'UserError',
    message: /cannot be confined, so none of it is run: bubblewrap is not installed\. Run: sudo/,
  });
});
