// SPDX-License-Identifier: GPL-3.0-only
import { readdirSync } from 'node:fs';
import test, { type ExecutionContext } from 'ava';
import { openRuleEngine, type RuleEngine } from '../../../src/boundary/rules/engine.ts';
import type { Fact } from '../../../src/boundary/rules/facts.ts';
import { startKernel } from '../../../src/boundary/rules/kernel.ts';
import { once } from '../../../src/data/memoise.ts';
import { UserError } from '../../../src/data/user-error.ts';

const permit = 'permit(all).\n';

const engineOf = (
  t: ExecutionContext,
  own: string,
  { shipped = permit, patience }: { shipped?: string; patience?: number } = {},
): RuleEngine => {
  const engine = openRuleEngine(
    async () => ({
      shipped: [{ name: 'shipped rules/a.pl', text: shipped }],
      own: [{ name: 'rules/own.pl', text: own }],
    }),
    patience,
  );
  t.teardown(() => engine.close());
  return engine;
};

const kernel = once(startKernel);

const written: readonly Fact[] = [['writes', 'a']];

const forbid = (body: string): string => `forbid(own, "No.") :- ${body}.`;

/** What is no rule, and where it stands. */
const notRules: Readonly<Record<string, readonly [text: string, why: RegExp, line?: number]>> = {
  'a directive': [':- shell("touch /tmp/x").', /directive/],
  'a directive below a rule': [`${forbid('true')}\n\n:- initialization(halt).`, /directive/, 3],
  'a question': ['?- halt.', /directive/],
  'an operator': [':- op(700, xfx, =>).', /directive/],
  'a module': [':- module(shipped, []).', /directive/],
  'an end before the end': [`end_of_file.\n${forbid('true')}`, /end_of_file/],
  'a grammar': ['forbid --> [a].', /not a rule/],
  'a variable': ['X.', /variable/],
  'a number': ['1.', /not a rule/],
  'a text': ['"forbid".', /not a rule/],
  'a rule of a module': ['shipped:permit(x).', /not a rule/],
  'what expands rules': [
    `${forbid('true')}\n:- user:assertz(term_expansion(_, [])).`,
    /directive/,
    2,
  ],
  'broken Prolog': ['forbid(a, "No." :- true.', /not Prolog/],
  'an open text': ['forbid(a, "No.', /not Prolog/],
  'a quasi-quotation': ['forbid(a, {|html||x|}).', /not Prolog|quasi/],
  'a dictionary': [forbid('X = _{a: 1}, X = X'), /dictionary/],
  'a call into a dictionary': [forbid('X = _{a: 1}.put(b, 2), X = 1'), /dictionary/],
  'a permit': ['permit(all).', /can only forbid/],
  'a rule without an id': ['forbid(Id, "No.") :- writes(Id).', /without an id/],
  'an id that is a term': ['forbid(f(x), "No.").', /without an id/],
  'a rule without a reason': ['forbid(a, 1).', /without a reason/],
  'a reason that is a variable': ['forbid(a, Why) :- writes(Why).', /without a reason/],
  'a reason with a term': ['forbid(a, ["x", f(y)]).', /without a reason/],
  'a fact': ['writes("a").', /not its own/],
  'what texts are compared by': ['starts_with(_, _).', /not its own/],
  'what Prolog has': ['append(_, _, _).\nmember(_, _).', /not its own/, 2],
  'what the kernel judges by': ['assertz(_).', /not its own/],
  'a comparison': ['1 < 2.', /not its own/],
  'a call of a variable': [forbid('writes(X), X'), /calls a variable/],
  'a call by call': [forbid('call(halt)'), /call\/1/],
  'a call in another module': [forbid('user:halt'), /may not call/],
  'a call by forall': [forbid('forall(writes(_), halt)'), /halt\/0/],
  'a call by not': [forbid('\\+ halt'), /halt\/0/],
  'a call by or': [forbid('(true ; halt)'), /halt\/0/],
  'a call by if': [forbid('(writes(_) -> true ; halt)'), /halt\/0/],
  remembering: [forbid('assertz(seen)'), /assertz\/1/],
  'remembering in a variable': [forbid('nb_setval(a, 1)'), /nb_setval\/2/],
  forgetting: [forbid('retractall(writes(_))'), /retractall\/1/],
  loading: [forbid('consult("/a.pl")'), /consult\/1/],
  'loading a library': [forbid('use_module(library(http/http_open))'), /use_module\/1/],
  opening: [forbid('open("/etc/passwd", read, _)'), /open\/3/],
  'reading a file': [forbid('read_file_to_string("/etc/passwd", _, [])'), /read_file_to_string\/3/],
  writing: [forbid('format("x")'), /format\/1/],
  'the shell': [forbid('shell("id")'), /shell\/1/],
  JavaScript: [forbid('_ := eval("process.exit()")'), /:=\/2/],
  'a script of JavaScript': [forbid('js_run_script("x")'), /js_run_script\/1/],
  'all solutions': [forbid('findall(X, halt, [X])'), /findall\/3/],
  'catching errors': [forbid('catch(halt, _, true)'), /catch\/3/],
  'a cut': [forbid('!, fail'), /!\/0/],
  'making a term': [forbid('X =.. [halt], X'), /=\.\.\/2/],
  'reading a term': [forbid('term_to_atom(_, "halt")'), /term_to_atom\/2/],
  'what the kernel has': [forbid('refuse("a", 1, "b")'), /refuse\/3/],
  'what it judges by': [forbid('erase(_)'), /erase\/1/],
  'the other rules': [forbid('forbid(_, _)'), /forbid\/2/],
  'large numbers': [forbid('X is (9 ** 9) ** 9, X > 0'), /more than numbers/],
  'numbers of a machine': [forbid('X is random(9), X > 0'), /more than numbers/],
};

for (const [what, [text, why, line = 1]] of Object.entries(notRules)) {
  test(`${what} is not a rule`, async (t) => {
    const { load } = await kernel();
    const [file, at, told] = load({ own: [{ name: 'rules/own.pl', text }] }).split('\u0001');
    t.is(file, 'rules/own.pl');
    t.is(at, String(line));
    t.regex(told ?? '', why);
  });
}

test.serial('who goes on with what is not a rule is allowed nothing', async (t) => {
  const engine = engineOf(t, ':- halt.');
  const error = await t.throwsAsync(engine.check(), { instanceOf: UserError });
  t.deepEqual(error?.place, { file: 'rules/own.pl', line: 1 });
  t.like(await engine.judge(written), { allow: false, rule: 'error' });
});

/** Bodies and helpers of rules whose judging ends in nothing but a denial. */
const broken: Readonly<Record<string, readonly [body: string, reason: RegExp, helpers?: string]>> =
  {
    'going round': ['round', /too many steps/, 'round :- round.'],
    'going round in pairs': [
      'ping(1)',
      /too many steps/,
      'ping(N) :- M is N + 1, pong(M).\npong(N) :- ping(N).',
    ],
    'going down': [
      'down(0)',
      /too many steps|resource_error/,
      'down(N) :- M is N + 1, down(M), N < 0.',
    ],
    'a term that doubles': [
      'grow([x], 0)',
      /too many steps|resource_error/,
      'grow(L, N) :- M is N + 1, grow([L, L, N, M], M), M < 0.',
    ],
    'numbers that double': [
      'twice(1)',
      /too many steps|resource_error/,
      'twice(N) :- M is N + N, twice(M).',
    ],
    'a variable that is a sum': ['X = 2 ** 9, Y is X + 1, Y > 0', /type_error/],
    'a text for a number': ['writes(X), X < 1', /type_error/],
    'a number nobody gave': ['_ < 1', /instantiation|type_error/],
    'a text nobody gave': ['starts_with(_, "a")', /instantiation/],
    'a reason with a term that doubles': [
      'double(60, a, X)',
      /type_error|resource_error|ground/,
      'double(N, T, T) :- N =:= 0.\ndouble(N, T, R) :- N > 0, M is N - 1, double(M, t(T, T), R).',
    ],
    'a list in a circle': ['L = [b|L], memberchk(c, L)', /type_error|too many steps/],
  };

const brokenRules = once(() => {
  const rules = Object.entries(broken).map(
    ([what, [body, , helpers = '']]) =>
      `forbid(own, ${body.includes('X)') && body.startsWith('double') ? '["No.", X]' : '"No."'}) :- writes("${what}"), ${body}.\n${helpers}`,
  );
  const hole = 'forbid(own, ["No ", _]) :- writes("a reason with a hole").';
  return openRuleEngine(async () => ({
    shipped: [{ name: 'shipped rules/a.pl', text: permit }],
    own: [{ name: 'rules/own.pl', text: [...rules, hole].join('\n') }],
  }));
});
test.after.always(() => brokenRules().close());

for (const [what, [, reason]] of Object.entries({
  ...broken,
  'a reason with a hole': ['', /instantiation|type_error/] as const,
})) {
  test.serial(`${what} denies`, async (t) => {
    const ruling = await brokenRules().judge([['writes', what]]);
    t.like(ruling, { allow: false, rule: 'error' });
    t.regex(ruling.allow ? '' : ruling.reason, reason);
    // What it came to is over: the next call is judged afresh, and no fact of this one is left.
    t.deepEqual(await brokenRules().judge([['reads', 'a']]), { allow: true });
  });
}

test.serial(
  'what hangs where no step is counted is killed, and the next call is judged',
  async (t) => {
    // Each step looks through megabytes.
    const own = `${forbid('says(Text), seek(Text)')}\nseek(T) :- \\+ contains(T, "b"), seek(T).`;
    const engine = engineOf(t, own, { patience: 4000 });
    await engine.check();
    const ruling = await engine.judge([['says', 'a'.repeat(1_000_000)]]);
    t.like(ruling, { allow: false, rule: 'error' });
    t.regex(ruling.allow ? '' : ruling.reason, /no answer within/);
    t.deepEqual(await engine.judge([['reads', 'a']]), { allow: true });
  },
);

test.serial(
  'who forbids wins, the first to stand is named, and what nothing permits is denied',
  async (t) => {
    const shipped =
      'permit(all) :- tool(_).\nforbid(theirs, ["Not ", X, "."]) :- writes(X), starts_with(X, "a").';
    const own = '% a note\nforbid(\n  ours, "Never.") :- writes(_).\n';
    const engine = engineOf(t, own, { shipped });
    t.deepEqual(await engine.judge([['tool', 'x']]), { allow: true });
    t.deepEqual(
      await engine.judge([
        ['tool', 'x'],
        ['writes', 'ab'],
      ]),
      {
        allow: false,
        rule: 'theirs',
        reason: 'Not ab.',
        place: 'shipped rules/a.pl:2',
      },
    );
    t.deepEqual(
      await engine.judge([
        ['tool', 'x'],
        ['writes', 'b'],
      ]),
      {
        allow: false,
        rule: 'ours',
        reason: 'Never.',
        place: 'rules/own.pl:2',
      },
    );
    t.like(await engine.judge([['reads', 'b']]), { allow: false, rule: 'default' });
  },
);

test.serial(
  'a repository cannot put its own in the place of what shipped rules call',
  async (t) => {
    const shipped = `${permit}forbid(theirs, "No.") :- writes(X), secret(X).\nsecret("a").`;
    const engine = engineOf(t, 'secret(_) :- fail.\nforbid(ours, "Never.") :- secret(_).', {
      shipped,
    });
    t.like(await engine.judge(written), { allow: false, rule: 'theirs' });
    t.deepEqual(await engine.judge([['writes', 'b']]), { allow: true });
  },
);

test.serial('texts of a patch end no field, start no fact and are no Prolog', async (t) => {
  const own = 'forbid(seen, ["<", X, ">"]) :- writes(X).';
  const engine = engineOf(t, own);
  for (const [text, told] of [
    ["a'), permit(x). %", "a'), permit(x). %"],
    ['a\u0001tool\u0002x', 'a\ufffdtool\ufffdx'],
    ['\u00031', '\ufffd1'],
    ['a\0b', 'a\ufffdb'],
    ['\ud800', '\ufffd'],
    ['𝒜\u202e"\\', '𝒜\u202e"\\'],
  ] as const) {
    t.like(await engine.judge([['writes', text]]), { allow: false, reason: `<${told}>` });
  }
});

test.serial('a derivation names the rule, where it stands, and each fact', async (t) => {
  const own =
    'forbid(tests, ["Leave ", X, "."]) :- writes(X), is_test(X), \\+ named(X, "file").\nis_test(X) :- ends_with(X, ".test.ts").';
  const engine = engineOf(t, own);
  t.deepEqual(await engine.explain([['writes', 'a.test.ts']]), [
    'tests forbids (rules/own.pl:1), since',
    '  writes("a.test.ts")',
    '  is_test("a.test.ts")',
    '    ends_with("a.test.ts",".test.ts")',
    '  \\+named("a.test.ts","file")',
  ]);
  t.deepEqual(await engine.explain([['reads', 'b']]), [
    'all permits (shipped rules/a.pl:1), since',
  ]);
});

test.serial(
  'rules that ship are started once for all who ask, and outlive each of them',
  async (t) => {
    const shipped = [{ name: 'shipped rules/a.pl', text: permit }];
    const open = () => openRuleEngine(async () => ({ shipped, own: [] }));
    const [first, second] = [open(), open()];
    const threads = () => readdirSync('/proc/self/task').length;
    await first.check();
    const before = threads();
    t.deepEqual(await second.judge(written), { allow: true });
    t.is(threads(), before);
    await first.close();
    t.deepEqual(await second.judge(written), { allow: true });
  },
);
