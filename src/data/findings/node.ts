// SPDX-License-Identifier: GPL-3.0-only
import type { FindingsOf } from './finding.ts';

/** How an agent may end without a result. */
export const agentFindings = {
  'agent.declined': {
    title: 'The agent declined',
    cause:
      'It answered that it cannot do what is asked: a file is not as the chore needs it, or the sentences are not clear enough.',
    fix: 'Fix the files that are named, or take them out of the scope. If no file is to blame, say in the acceptance more exactly what is meant, one thing per sentence.',
  },
  'agent.timeout': {
    title: 'The agent took too long',
    cause: 'It did not end within its time limit.',
    fix: 'Use a faster engine, make the spec smaller, or raise the timeout of the agent or node.',
    transient: true,
  },
  'agent.defect': {
    title: 'Something broke that should not',
    cause: 'Code of an agent, a tool, a chore or of Pantheon threw an error.',
    fix: 'Read the stack. If it names a file of your repository, fix that; otherwise report it with "pantheon trace show".',
    look: 'error.json of the step has the stack.',
  },
} as const satisfies FindingsOf<'agent'>;

/** Bounds of the loop that a model reached. */
export const loopFindings = {
  'loop.schema': {
    title: 'The model did not answer in the form that is asked for',
    cause: 'Its answers were not envelopes, or were cut, as often as the agent allows.',
    fix: 'Use an engine that enforces the schema, or a larger model; raise maxOutputTokens if answers were cut.',
  },
  'loop.unknown-tool': {
    title: 'The model called tools that it does not have',
    cause: 'It named unknown tools as often as the agent allows.',
    fix: 'Use an engine that enforces the schema, or a model that was trained on tools.',
  },
  'loop.tool-args': {
    title: 'The model called a tool with wrong arguments',
    cause: 'Its arguments did not follow the schema of the tool as often as the agent allows.',
    fix: 'Use an engine that enforces the schema, or a larger model.',
  },
  'loop.tool-result': {
    title: 'A tool failed on what the model asked of it',
    cause: 'The tool refused its arguments, for example a file that is not there.',
    fix: 'Look at the calls; name the files more exactly in the scope or the sentences.',
  },
  'loop.denied': {
    title: 'The agent tried what it may not do',
    cause: 'Calls outside of the scope or against a rule were denied as often as the agent allows.',
    fix: 'Widen the scope if the change belongs there, or narrow the acceptance to the scope.',
    look: 'The calls and each denial: "pantheon rules explain NIGHT/SPEC/UNIT/NODE".',
  },
  'loop.repeat': {
    title: 'The model went in circles',
    cause: 'It made the same calls again and again.',
    fix: 'Say in the acceptance more exactly what is meant, or use a larger model.',
  },
  'loop.steps': {
    title: 'The model used up its steps',
    cause: 'It gave no final answer within limits.maxSteps.',
    fix: 'Split the spec into smaller ones, or raise limits.maxSteps.',
  },
  'loop.tokens': {
    title: 'The model used up its tokens',
    cause: 'Prompts and answers together passed limits.maxTokens of the agent.',
    fix: 'Split the spec into smaller ones, or raise limits.maxTokens of the agent.',
  },
  'loop.context': {
    title: 'The prompt does not fit into the model',
    cause: 'The files to read and the answer need more tokens than the context of the model has.',
    fix: 'Narrow the scope and the context of the spec, or use a model with a larger context.',
  },
} as const satisfies FindingsOf<'loop'>;

/** Faults of what answers requests. */
export const engineFindings = {
  'engine.failed': {
    title: 'The engine failed',
    cause: 'It ended, refused a request, or answered with what is not an answer.',
    fix: 'If it stays so, run "pantheon doctor" and read the log of the engine.',
    transient: true,
  },
  'engine.busy': {
    title: 'The engine took no more requests',
    cause: 'It answered 429 or 503 for longer than a request waits.',
    fix: 'Lower "slots" of the runtime in pantheon.yaml to what the engine can take.',
    transient: true,
  },
  'engine.timeout': {
    title: 'The engine fell silent',
    cause: 'It wrote nothing for idleTimeout in the middle of an answer.',
    fix: 'Look at the load of the machine and the log of the engine; raise limits.idleTimeout of the agent for a slow one.',
    transient: true,
  },
  'engine.unusable': {
    title: 'The engine could not be used at all',
    cause:
      'Before the night it was not reachable, not local, not the right model, or did not hold to the schema.',
    fix: 'Run "pantheon doctor", and do what it names as the next step.',
    look: 'Notices of the report, and "pantheon doctor".',
    transient: true,
  },
} as const satisfies FindingsOf<'engine'>;

/** What is in the files and stops the work on them. */
export const fileFindings = {
  'file.unreadable': {
    title: 'A file is not text',
    cause: 'It is binary, or not UTF-8.',
    fix: 'Take it out of the scope, or convert it to UTF-8.',
  },
  'secret.in-file': {
    title: 'A file has a secret',
    cause: 'A file that the model would be shown has what looks like a key or a password.',
    fix: 'Take the secret out of the file, or the file out of "scope" and "context", and replace the secret where it is in use: it is in the history.',
  },
  'secret.in-patch': {
    title: 'The patch has a secret',
    cause: 'The agent wrote what looks like a key or a password.',
    fix: 'Say in the spec where such a value comes from; if it is a real one, replace it where it is in use.',
  },
} as const satisfies FindingsOf<'file' | 'secret'>;

/** What surrounds the agents and stopped one. */
export const boundaryFindings = {
  'rules.denied': {
    title: 'A rule forbids the patch',
    cause: 'A rule that ships, or one of rules/*.pl, denies the patch as a whole.',
    fix: 'Narrow the spec to what the rule allows, or change the rule by hand.',
    look: 'How the rule comes to it: "pantheon rules explain NIGHT/SPEC/UNIT/NODE".',
  },
  'sandbox.failed': {
    title: 'The sandbox failed',
    cause: 'A command could not be run confined: bubblewrap is missing, or the machine refuses it.',
    fix: 'Run "pantheon doctor --prove", and do what it names.',
    transient: true,
  },
  'flow.condition': {
    title: 'The condition of a node does not hold',
    cause: 'The "when" of the node in the flow is false for the outputs before it.',
    fix: 'Nothing, if the flow is meant so; otherwise correct the condition.',
  },
} as const satisfies FindingsOf<'rules' | 'sandbox' | 'flow'>;
