// SPDX-License-Identifier: GPL-3.0-only
import type { FindingCode } from './table.ts';

/** How the loop can fail. */
export const loopCodes = [
  'schema',
  'unknown-tool',
  'tool-args',
  'tool-result',
  'denied',
  'repeat',
  'steps',
  'tokens',
  'context',
  'engine',
  'timeout',
] as const;

/** How a node can fail beside the loop's codes. */
export const nodeCodes = [
  'declined',
  'plan',
  'file',
  'secret',
  'tests',
  'dependencies',
  'sandbox',
  'defect',
] as const;

type FailureCode = (typeof loopCodes)[number] | (typeof nodeCodes)[number];

/** What a failure is a case of. */
export const findingOfFailure = ({
  code,
  finding,
}: {
  readonly code: FailureCode;
  readonly finding?: FindingCode | undefined;
}): FindingCode => finding ?? findingOfCode[code];

/** The same of a code in a file, which another version may have written: one that is unknown stays as it is. */
export const findingOfWritten = (code: string, finding?: string): string =>
  finding ?? (Object.hasOwn(findingOfCode, code) ? findingOfCode[code as FailureCode] : code);

/** Of failures that say no more than their code. */
const findingOfCode: Readonly<Record<FailureCode, FindingCode>> = {
  schema: 'loop.schema',
  'unknown-tool': 'loop.unknown-tool',
  'tool-args': 'loop.tool-args',
  'tool-result': 'loop.tool-result',
  denied: 'loop.denied',
  repeat: 'loop.repeat',
  steps: 'loop.steps',
  tokens: 'loop.tokens',
  context: 'loop.context',
  engine: 'engine.failed',
  timeout: 'agent.timeout',
  declined: 'agent.declined',
  plan: 'plan.refused',
  file: 'file.unreadable',
  secret: 'secret.in-file',
  tests: 'test.failed',
  dependencies: 'test.dependencies',
  sandbox: 'sandbox.failed',
  defect: 'agent.defect',
};
