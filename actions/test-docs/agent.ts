// SPDX-License-Identifier: GPL-3.0-only
import type { CodeContext, CodeResult, RunCode } from '../../src/agent/code-agent.ts';
import type { Failure } from '../../src/agent/schema.ts';
import { SandboxFault } from '../../src/boundary/executor.ts';
import { isWork, readAsked } from '../../src/chore/read-asked.ts';
import type { FindingCode } from '../../src/data/findings/table.ts';
import { isMarkdown } from '../../src/markdown/decode-markdown.ts';
import { followLinks } from '../../src/markdown/links.ts';
import { compileScope } from '../../src/spec/scope.ts';
import { type Check, checkDocument } from './check-document.ts';

const maxLog = 256 * 1024;

/**
 * Checks what no reviewer has to: that every document of the unit and every changed path can be read,
 * its text is byte for byte what it was where only frontmatter is asked for, and links that resolved
 * still do. Then the spec's own checks run in the sandbox.
 */
export const run: RunCode = async (context) => {
  const { input, overlay, signal, chores } = context;
  const offered = await chores();
  const { asked } = readAsked(input.spec, offered);
  const mayChangeBody = asked
    .map(({ chore }) => offered.all.get(chore))
    .some((chore) => isWork(chore) && chore?.manifest.agent !== 'doc.frontmatter');
  const changes = new Map(overlay.changes().map((change) => [change.path, change]));
  const checks: Check[] = [];
  const paths = pathsOf(context);
  for (const path of paths) {
    signal.throwIfAborted();
    const change = changes.get(path);
    checks.push(...(await checkDocument({ path, change, overlay, mayChangeBody })));
  }
  const links = asked.some(({ args }) => args.check === 'links')
    ? await followLinks(paths.filter(isMarkdown), new Set(overlay.list()), (path) =>
        overlay.read(path),
      )
    : undefined;
  for (const { path, target } of links?.broken ?? []) {
    checks.push({ path, check: 'links', ok: false, reason: `the link to ${target} leads nowhere` });
  }
  if (checks.length === 0) {
    checks.push({ path: '', check: 'text', ok: false, reason: 'there is no document to check' });
  }
  try {
    const specLog = await runChecks(context, checks);
    return conclude(checks, specLog, links?.count);
  } catch (error) {
    if (!(error instanceof SandboxFault)) throw error;
    const result = conclude(checks, '', links?.count);
    return { ...result, failure: { code: 'sandbox', message: error.message } };
  }
};

/** The unit's documents and whatever else was changed, sorted. */
const pathsOf = ({ input, overlay }: CodeContext): readonly string[] => {
  const { unit } = input;
  const covers = compileScope(unit.paths);
  const documents =
    unit.kind === 'file'
      ? unit.paths
      : overlay.list('base').filter((path) => covers(path) && isMarkdown(path));
  return [...new Set([...documents, ...overlay.changes().map(({ path }) => path)])].sort();
};

const runChecks = async (context: CodeContext, checks: Check[]): Promise<string> => {
  const { overlay, executor, dependencies, signal, input } = context;
  if (input.spec.checks.length === 0) return '';
  const { runSpecChecks } = await import('../../src/tool/spec-checks.ts');
  const wanted = { checks: input.spec.checks };
  const { ok, log, failed } = await runSpecChecks({
    overlay,
    executor,
    dependencies,
    signal,
    ...wanted,
  });
  checks.push({ path: '', check: 'spec-checks', ok, ...(!ok && { reason: failed.join('; ') }) });
  return log;
};

const conclude = (
  checks: readonly Check[],
  specLog: string,
  links: number | undefined,
): CodeResult => {
  const red = checks.filter(({ ok }) => !ok);
  const counts = { passed: checks.length - red.length, failed: red.length };
  const notes = red[0] ? describe(red[0]) : `${counts.passed} checks passed`;
  const log = `${checks.map(toLine).join('\n')}\n${counts.passed} passed, ${counts.failed} failed\n${specLog}`;
  return {
    notes,
    metrics: counts,
    result: {
      ...counts,
      checks: checks.map((check) => ({ ...check })),
      ...(links !== undefined && { links }),
    },
    testsLog: log.length > maxLog ? `${log.slice(0, maxLog)}\n[cut]\n` : log,
    ...(red[0] && { failure: failureOf(red[0]) }),
  };
};

const failureOf = (check: Check): Failure => ({
  code: 'tests',
  finding: findingOfCheck[check.check] ?? 'test.bad-document',
  message: describe(check),
});

const findingOfCheck: Partial<Record<Check['check'], FindingCode>> = {
  links: 'test.broken-link',
  'spec-checks': 'test.check-failed',
};

const toLine = (check: Check): string =>
  check.ok ? `ok     ${check.path} ${check.check}` : `not ok ${describe(check)}`;

const describe = ({ path, check, reason }: Check): string =>
  `${path === '' ? '' : `${path}: `}${check}: ${reason ?? 'failed'}`;
