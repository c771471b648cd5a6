// SPDX-License-Identifier: GPL-3.0-only
import sax from 'sax';
import { type FailedTest, failedTest, firstLine, noReport, type Report } from './report.ts';

type Case = {
  readonly names: readonly (string | undefined)[];
  kind: 'passed' | 'failed' | 'skipped' | 'todo';
  why: string | undefined;
};

/** JUnit's XML as node:test, mocha and pytest write it. */
export const readJUnit = (xml: string): Report => {
  const count = { passed: 0, skipped: 0, todo: 0 };
  const failed: FailedTest[] = [];
  const suites: string[] = [];
  let open: Case | undefined;
  let roots = 0;
  let depth = 0;
  let why = '';
  let fault: string | undefined;
  const reader = sax.parser(true);
  reader.onerror = ({ message }) => {
    fault ??= message.split('\n')[0];
    // Without this it throws at the next text.
    reader.resume();
  };
  reader.onopentag = ({ name, attributes }) => {
    const given = attributes as Readonly<Record<string, string>>;
    if (depth === 0 && /^testsuites?$/.test(name)) roots += 1;
    depth += 1;
    why = '';
    if (name === 'testsuite') suites.push(given.name ?? '');
    else if (name === 'testcase') open = openCase(given, suites);
    else if (open && (name === 'failure' || name === 'error')) {
      open.kind = 'failed';
      open.why ??= given.message;
    } else if (open?.kind === 'passed' && name === 'skipped') {
      open.kind = given.type === 'todo' ? 'todo' : 'skipped';
    }
  };
  reader.ontext = (text) => {
    why += text;
  };
  reader.oncdata = reader.ontext;
  reader.onclosetag = (name) => {
    depth -= 1;
    if (name === 'testsuite') suites.pop();
    else if (open && (name === 'failure' || name === 'error')) open.why ||= firstLine(why);
    else if (open && name === 'testcase') {
      if (open.kind === 'failed') failed.push(failedTest(open.names, firstLine(open.why)));
      else count[open.kind] += 1;
      open = undefined;
    }
  };
  reader.write(xml).close();
  if (roots === 1 && depth === 0 && fault === undefined) return { ...count, failed };
  return {
    ...noReport,
    ...count,
    failed,
    broken: `the report is not whole (${fault ?? 'no end'})`,
  };
};

/** node:test has the titles around it as suites, others have them in the class. */
const openCase = (
  { name = '', classname = '', file }: Readonly<Record<string, string>>,
  suites: readonly string[],
): Case => {
  const around = suites.includes(classname) ? suites : [classname === 'test' ? '' : classname];
  // A file that could not be run stands for its tests.
  const names = file?.endsWith(name) ? [file] : [file, ...around, name];
  return { names, kind: 'passed', why: undefined };
};
