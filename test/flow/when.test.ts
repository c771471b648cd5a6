// SPDX-License-Identifier: GPL-3.0-only
import test from 'ava';
import { evaluateWhen, parseWhen, type When } from '../../src/flow/when.ts';

const ids = ['plan', 'plan.validate', 'test', 'constructor'];

const parses = test.macro({
  exec(t, text: string, node: string, field: readonly string[], literal: When['literal']) {
    t.deepEqual(parseWhen(text, ids), { node, field, literal } as When);
  },
  title: (_, text) => `reads ${text}`,
});

test(parses, 'test.status == ok', 'test', ['status'], 'ok');
test(parses, '  test.status=="fail" ', 'test', ['status'], 'fail');
test(parses, "test.notes == 'two words'", 'test', ['notes'], 'two words');
test(parses, 'plan.validate.status == ok', 'plan.validate', ['status'], 'ok');
test(parses, 'plan.result.units == 3', 'plan', ['result', 'units'], 3);
test(parses, 'test.result.0.done == true', 'test', ['result', '0', 'done'], true);
test(parses, 'test.result.why == null', 'test', ['result', 'why'], null);
test(parses, 'test.metrics.share == -0.5e1', 'test', ['metrics', 'share'], -5);
test(parses, 'test.notes == "a == b"', 'test', ['notes'], 'a == b');

const refuses = test.macro({
  exec(t, text: string, says: RegExp) {
    t.throws(() => parseWhen(text, ids), { instanceOf: SyntaxError, message: says });
  },
  title: (_, text) => `refuses ${JSON.stringify(text)}`,
});

test(refuses, '', /Write `<node>/);
test(refuses, 'test.status', /Write `<node>/);
test(refuses, 'test.status = ok', /Write `<node>/);
test(refuses, 'test.status == ', /Write `<node>/);
test(refuses, 'test.status != ok', /Write `<node>/);
test(refuses, 'test == ok', /does not begin with the id of a node/);
test(refuses, 'tst.status == ok', /does not begin with the id of a node/);
test(refuses, 'test. == ok', /names no field/);
test(refuses, 'test..status == ok', /names no field/);
test(refuses, 'test.status == ok && test.x == 1', /is not a literal/);
test(refuses, 'test.status == [1]', /is not a literal/);
test(refuses, 'test.status == process.exit()', /is not a literal/);

const outputs = { test: { status: 'ok', result: { verdict: 'approve', list: [1], '': 0 } } };

const holds = test.macro({
  exec(t, text: string, expected: boolean) {
    t.is(evaluateWhen(parseWhen(text, ids), outputs), expected);
  },
  title: (_, text, expected) => `${text} is ${expected}`,
});

test(holds, 'test.status == ok', true);
test(holds, 'test.status == fail', false);
test(holds, 'test.result.verdict == approve', true);
test(holds, 'test.result.list.0 == 1', true);
test(holds, 'test.result.list.0 == "1"', false);
test(holds, 'test.result.none == null', false);
test(holds, 'plan.status == ok', false);
test(holds, 'test.constructor.name == Object', false);
test(holds, 'constructor.name == Object', false);
test(holds, 'test.status.length == 2', false);
