// SPDX-License-Identifier: GPL-3.0-only
import type { FindingsOf } from './finding.ts';

/** Why a spec is refused before any model is asked. */
export const planFindings = {
  'plan.refused': {
    title: 'The plan refuses the spec',
    cause: 'The agent that plans it says that it cannot be worked as it is.',
    fix: 'Change the spec as the reason says.',
  },
  'plan.no-worker': {
    title: 'The flow has no agent that works',
    cause: 'No node of the flow has an agent whose role is "work".',
    fix: 'Add a node with such an agent to the flow, or name another flow in the spec.',
  },
  'plan.bad-scope': {
    title: 'The scope or the context leaves the repository',
    cause: 'A path of the spec is absolute, leads outside, or names what nobody may write.',
    fix: 'Write paths that are relative to the top of the repository.',
  },
  'plan.protected': {
    title: 'The scope covers a protected path',
    cause: 'gate.protected of pantheon.yaml names a path that the spec would change.',
    fix: 'Narrow the scope, or change gate.protected by hand.',
  },
  'plan.no-file': {
    title: 'The scope matches no file',
    cause: 'No file of the base commit has a name that the scope covers.',
    fix: 'Check the spelling of the path, including upper and lower case.',
  },
  'plan.wrong-kind': {
    title: 'The scope has no file of the right kind',
    cause: 'The files in the scope have endings that the agent of this flow cannot work on.',
    fix: 'Name a folder that has such files, or another flow.',
  },
  'plan.no-such-name': {
    title: 'A sentence names a file that is not in the scope',
    cause: 'A file or folder that is to be worked or left out is not there, or not in the scope.',
    fix: 'Correct the name, or widen the scope.',
  },
  'plan.no-chore': {
    title: 'No chore covers a sentence',
    cause: 'Rules work or review in this flow, and no chore that they know is meant by a sentence.',
    fix: 'Write the sentence as one of the chores that "pantheon chores" lists, or use a profile with a model.',
  },
  'plan.ambiguous': {
    title: 'A sentence may mean more than one thing',
    cause: 'It nearly reads as a chore, or a name in it fits several files; a guess is not taken.',
    fix: 'Write it as the reason proposes.',
  },
  'plan.bad-arguments': {
    title: 'A chore is asked for with arguments that it does not take',
    cause: 'An argument is unknown, missing, or of another form than the chore says.',
    fix: 'Look at what it takes: "pantheon chores NAME".',
  },
  'plan.bad-chore': {
    title: 'A chore of the repository is not usable',
    cause: 'Its chore.yaml or its plan.ts has a mistake.',
    fix: 'Correct the file that the reason names.',
  },
  'plan.wrong-flow': {
    title: 'A chore is the work of another agent',
    cause: 'The flow of the spec works with an agent that does not do this chore.',
    fix: 'Write the flow that the reason names in the spec, and other chores in a spec of their own.',
  },
  'plan.not-judged': {
    title: 'Nothing could judge the work',
    cause: 'The chore has not both of its judges, and the spec has no checks.',
    fix: 'Write commands under "checks", or the judges that docs/chores.md describes.',
  },
  'plan.chores-meet': {
    title: 'Two chores are for the same file',
    cause: 'A chore of the repository and one that ships would change one file in one spec.',
    fix: 'Ask for them in two specs, the second with "dependsOn".',
  },
  'plan.chore-refused': {
    title: 'A chore refuses its arguments',
    cause: 'The chore itself says beforehand that it cannot be done like this.',
    fix: 'Change the spec as the reason says.',
  },
  'plan.bad-rules': {
    title: 'The rules of the spec are not usable',
    cause: 'The agent takes no rules, or not such ones.',
    fix: 'Look at "input" in its agent.yaml, or write the rules as sentences.',
  },
  'plan.limits': {
    title: 'The spec is too large',
    cause:
      'Its scope has more files than one pull request may change, or it asks for more than gate.ceiling.',
    fix: 'Split the spec, or raise its limits up to gate.ceiling of pantheon.yaml.',
  },
  'plan.no-program': {
    title: 'A check starts a program that is not installed',
    cause: 'Nothing is installed at night, and no prepared package has the program.',
    fix: 'Add it to package.json if it is not there, and run "pantheon deps" by day.',
    transient: true,
  },
} as const satisfies FindingsOf<'plan'>;
