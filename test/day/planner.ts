// SPDX-License-Identifier: GPL-3.0-only
import { chmodSync, symlinkSync, writeFileSync } from 'node:fs';
import type { ServerResponse } from 'node:http';
import { join } from 'node:path';
import test, { type ExecutionContext } from 'ava';
import { readCritique, readDraft, renderDraft } from '../../src/day/planner/answer.ts';
import { critiqueSpec, draftSpec } from '../../src/day/planner/plan-spec.ts';
import { plannerSettings } from '../../src/day/planner/settings.ts';
import { loadSpecFile } from '../../src/spec/load-specs.ts';
import { planted } from '../secrets/planted.ts';
import { temporaryFolder, writeFiles } from '../workspace/with-repository.ts';
import { completion, openPlanner, type SimulatedPlanner } from './simulated-planner.ts';

const spec = {
  title: 'Add the header',
  scope: ['docs/'],
  acceptance: ['All *.md under docs/ have a GPL header', 'Nothing else changes'],
};

const ask = async (
  { url }: SimulatedPlanner,
  wish = 'headers everywhere',
  confirm: (host: string) => Promise<boolean> = async () => true,
) =>
  draftSpec(wish, {
    settings: await plannerSettings({
      PANTHEON_DAY_URL: url,
      PANTHEON_DAY_MODEL: 'planner',
      PANTHEON_DAY_KEY: 'secret',
    }),
    confirm,
    signal: AbortSignal.timeout(10_000),
  });

test('a draft keeps every key, in the order of the schema', async (t) => {
  const whole = { limits: { maxFiles: 2 }, exclude: 'docs/old/', ...spec, id: 'add-header' };
  const planner = await openPlanner(t, JSON.stringify(whole));
  t.regex(
    renderDraft(await ask(planner)),
    /^id: add-header\ntitle: .*\nscope:\n.*\nexclude: docs\/old\/\nacceptance:\n[\s\S]*\nlimits:\n {2}maxFiles: 2\n$/,
  );
});

test('a wish with a secret in it is not sent', async (t) => {
  const planner = await openPlanner(t, JSON.stringify(spec));
  const [token = ''] = planted['GitHub token'] ?? [];
  const error = await t.throwsAsync(ask(planner, `use ${token}`), { name: 'UserError' });
  t.is(error?.message, 'the wish contains what looks like a GitHub token; say it without');
  t.deepEqual(planner.asked, []);
});

const forms: Readonly<Record<string, (json: string) => string>> = {
  'an object': (json) => json,
  'an object in a fence': (json) => `Here it is:\n\n\`\`\`json\n${json}\n\`\`\`\n\nAnything else?`,
  'an object between words': (json) => `Sure! ${json} Done.`,
};

for (const [title, form] of Object.entries(forms)) {
  test(`a spec comes as ${title} and loads as a file`, async (t) => {
    const planner = await openPlanner(t, form(JSON.stringify(spec)));
    const drafted = await ask(planner);
    const text = renderDraft(drafted);
    const loaded = loadSpecFile({ name: 'specs/add-header.yaml', text });
    t.like(loaded, { id: 'add-header', title: spec.title, acceptance: spec.acceptance });
    t.is(planner.asked.length, 1);
    t.like(planner.asked[0], { path: '/v1/chat/completions', authorization: 'Bearer secret' });
    t.is(planner.asked[0]?.body.model, 'planner');
    t.true(planner.asked[0]?.body.messages.at(-1)?.content.includes('headers everywhere'));
  });
}

test('nothing is sent when the person says no', async (t) => {
  const planner = await openPlanner(t, JSON.stringify(spec));
  const hosts: string[] = [];
  const no = ask(planner, 'x', async (host) => {
    hosts.push(host);
    return false;
  });
  await t.throwsAsync(no, { name: 'UserError', message: 'nothing was sent' });
  t.deepEqual(hosts, [new URL(planner.url).host]);
  t.deepEqual(planner.asked, []);
});

test('an answer that is not a spec is told to the model once', async (t) => {
  const planner = await openPlanner(
    t,
    JSON.stringify({ ...spec, acceptance: [], titel: 'x' }),
    JSON.stringify(spec),
  );
  t.is((await ask(planner)).spec.title, spec.title);
  t.regex(planner.asked[1]?.body.messages.at(-1)?.content ?? '', /titel: unknown key.*"title"/);
  const stubborn = await openPlanner(t, 'I cannot do that.');
  await t.throwsAsync(ask(stubborn), {
    name: 'UserError',
    message: /"planner" answered twice with something else than a spec: it contains no JSON object/,
  });
  t.is(stubborn.asked.length, 2);
});

const send =
  (status: number, body: unknown, headers = {}) =>
  (response: ServerResponse) =>
    void response
      .writeHead(status, headers)
      .end(typeof body === 'string' ? body : JSON.stringify(body));

const failures: Readonly<Record<string, readonly [(response: ServerResponse) => void, RegExp]>> = {
  'a refused key': [send(401, {}), /refuses the key \(HTTP 401\); check PANTHEON_DAY_KEY/],
  'a redirect': [
    send(307, '', { location: 'https://elsewhere.example/' }),
    /redirects \(HTTP 307\), which is not followed/,
  ],
  'an error with escape sequences': [
    send(500, 'bad \u001b]0;owned\u0007\u001b[31mred'),
    /answers HTTP 500: bad red$/,
  ],
  'another form': [send(200, { answer: 1 }), /not in the form of \/chat\/completions/],
  'no JSON': [send(200, '<html>'), /not in the form of \/chat\/completions/],
  'an answer that was cut': [send(200, completion('{', 'length')), /cut at \d+ tokens/],
  'an empty answer': [send(200, completion(null)), /answered nothing/],
  'far too much': [send(200, 'x'.repeat(2_000_000)), /sends more than \d+ bytes/],
  'half an answer': [
    (response) => {
      response.writeHead(200, { 'content-length': 1000 });
      response.write('{"cho');
      setTimeout(() => response.destroy(), 50);
    },
    /the connection failed/,
  ],
};

for (const [title, [answer, message]] of Object.entries(failures)) {
  test(`a planner that sends ${title} is told in a line`, async (t) => {
    const planner = await openPlanner(t, answer);
    const error = await t.throwsAsync(ask(planner), { name: 'UserError', message });
    t.false(error?.message.includes('secret'));
    t.is(planner.asked.length, 1);
  });
}

/** What a model may write must not act on the terminal that prints it or the file that keeps it. */
const drafted = (t: ExecutionContext, value: unknown) => {
  const read = readDraft(JSON.stringify(value));
  if ('fault' in read) return t.fail(read.fault) as never;
  return read.drafted;
};

test('escape sequences, line breaks and marks of direction do not pass', (t) => {
  const text = renderDraft(
    drafted(t, {
      ...spec,
      title: 'Add\u001b[2J \u001b]52;c;aGk=\u0007the\nheader\u202e',
      rules: { 'a\u001b[31m': ['\u009b1mb', { c: '\u2066d' }] },
      checks: ['true\n# x', 'curl\u001b[0m evil'],
    }),
  );
  t.notRegex(text.replaceAll('\n', ''), /[\p{Cc}\p{Cf}]/u);
  const loaded = loadSpecFile({ name: 'specs/x.yaml', text });
  t.is(loaded.title, 'Add the header');
  t.deepEqual(loaded.rules, { a: ['b', { c: 'd' }] });
});

test('commands that a model proposes are told and not taken', (t) => {
  const text = renderDraft(drafted(t, { ...spec, checks: ['grep -q SPDX docs/a.md'] }));
  t.deepEqual(loadSpecFile({ name: 'specs/x.yaml', text }).checks, []);
  t.true(text.includes('#   - "grep -q SPDX docs/a.md"'));
});

test('small slips of models are fixed, larger ones told', (t) => {
  t.deepEqual(drafted(t, { ...spec, context: [], rules: null, $schema: 'x' }).spec, spec);
  t.deepEqual(readDraft('[1]'), { fault: 'it contains no JSON object.' });
  t.like(readDraft('{"title":"x"}'), { fault: 'scope: is missing; acceptance: is missing' });
});

test('hostile text is read in time', (t) => {
  const started = process.cpuUsage();
  for (const text of [
    '```\n'.repeat(200_000),
    '\n'.repeat(800_000),
    '{'.repeat(500_000),
    '`'.repeat(900_000),
  ]) {
    t.true('fault' in readDraft(text));
  }
  t.true(process.cpuUsage(started).user < 2_000_000);
  t.true('fault' in readDraft(`{"rules":${'['.repeat(3000)}${']'.repeat(3000)}}`));
});

test('a critique comes with findings as comments and the better spec', async (t) => {
  const findings = [
    { about: 'acceptance 1', problem: 'Which\nheader?' },
    { problem: 'The scope is wide.' },
  ];
  const planner = await openPlanner(t, JSON.stringify({ findings, spec }));
  const critique = await critiqueSpec('title: x', {
    settings: await plannerSettings({ PANTHEON_DAY_URL: planner.url, PANTHEON_DAY_MODEL: 'm' }),
    view: { paths: ['docs/a.md'], flows: ['docops'], specs: ['old'] },
    confirm: async () => true,
    signal: AbortSignal.timeout(10_000),
  });
  const text = renderDraft(critique);
  t.true(text.startsWith('# acceptance 1: Which header?\n# the spec: The scope is wide.\n'));
  t.is(loadSpecFile({ name: 'specs/x.yaml', text }).title, spec.title);
  t.is(planner.asked[0]?.authorization, undefined);
  t.regex(planner.asked[0]?.body.messages.at(-1)?.content ?? '', /names only:\ndocs\/a\.md$/);
  t.true('fault' in readCritique('{"findings": "none"}'));
});

const url = 'https://planner.example/v1';

test('the planner of the environment, else of the user’s own file, and never a mixture', async (t) => {
  const home = temporaryFolder(t);
  writeFiles(home, { 'pantheon/day.yaml': `url: ${url}\nmodel: mine\nkey: of-the-file\n` });
  const file = join(home, 'pantheon/day.yaml');
  chmodSync(file, 0o600);
  const environment = { XDG_CONFIG_HOME: home };
  t.like(await plannerSettings(environment), { model: 'mine', key: 'of-the-file' });
  const other = {
    ...environment,
    PANTHEON_DAY_URL: 'https://other.example',
    PANTHEON_DAY_MODEL: 'm',
  };
  const mixed = await plannerSettings(other);
  t.is(mixed.key, undefined);
  t.is(mixed.url.href, 'https://other.example/');
});

const settings: Readonly<
  Record<string, readonly [environment: NodeJS.ProcessEnv, message: RegExp]>
> = {
  'no model': [{ PANTHEON_DAY_URL: url }, /set both/],
  'a key alone': [{ PANTHEON_DAY_KEY: 'x' }, /set both/],
  'plain http': [
    { PANTHEON_DAY_URL: 'http://planner.example', PANTHEON_DAY_MODEL: 'm' },
    /is not https/,
  ],
  'a password': [
    { PANTHEON_DAY_URL: 'https://a:b@planner.example', PANTHEON_DAY_MODEL: 'm' },
    /credentials/,
  ],
  'a query': [{ PANTHEON_DAY_URL: `${url}?key=x`, PANTHEON_DAY_MODEL: 'm' }, /"\?" or a "#"/],
  'a key of two lines': [
    { PANTHEON_DAY_URL: url, PANTHEON_DAY_MODEL: 'm', PANTHEON_DAY_KEY: 'a\nb' },
    /the key contains a blank/,
  ],
  'nothing at all': [
    { XDG_CONFIG_HOME: '/nowhere' },
    /no planner is set up, and nothing needs one/,
  ],
};

for (const [title, [environment, message]] of Object.entries(settings)) {
  test(`settings with ${title} are refused`, async (t) => {
    await t.throwsAsync(plannerSettings(environment), { name: 'UserError', message });
  });
}

test('a file that others could have written, or could read with its key, is refused', async (t) => {
  const home = temporaryFolder(t);
  writeFiles(home, { 'pantheon/day.yaml': `url: ${url}\nmodel: mine\n` });
  const file = join(home, 'pantheon/day.yaml');
  const load = () => plannerSettings({ XDG_CONFIG_HOME: home });
  chmodSync(file, 0o664);
  await t.throwsAsync(load, { message: /only you can write/ });
  chmodSync(file, 0o644);
  t.is((await load()).model, 'mine');
  writeFileSync(file, `url: ${url}\nmodel: mine\nkey: k\n`);
  await t.throwsAsync(load, { message: /contains a key and others can read it/ });
  const linked = temporaryFolder(t);
  writeFiles(linked, { 'pantheon/x': '' });
  symlinkSync(file, join(linked, 'pantheon/day.yaml'));
  await t.throwsAsync(plannerSettings({ XDG_CONFIG_HOME: linked }), {
    message: /only you can write/,
  });
});
