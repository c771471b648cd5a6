// SPDX-License-Identifier: GPL-3.0-only

/** How a field of the issue form is read. */
export type FieldKind = 'line' | 'lines' | 'number' | 'yaml';

export type Field = {
  /** The spec's key. */
  readonly key: string;
  /** What the form shows, and so the heading in the text. */
  readonly label: string;
  readonly kind: FieldKind;
  readonly about: string;
  readonly example?: string;
  readonly required?: true;
  /** The form writes it into a code fence of this language. */
  readonly render?: string;
};

/** The form's fields in its order. GitHub writes all of them into every issue, empty ones too. */
export const fields: readonly Field[] = [
  {
    key: 'scope',
    label: 'Scope',
    kind: 'lines',
    about: 'What may be changed: a path or glob a line. All else is refused.',
    example: 'docs/',
    required: true,
  },
  {
    key: 'acceptance',
    label: 'Acceptance',
    kind: 'lines',
    about: 'What must be true afterwards: a sentence a line that a reviewer can check.',
    example: 'All *.md have a GPL header',
    required: true,
  },
  {
    key: 'checks',
    label: 'Checks',
    kind: 'lines',
    about: 'Commands that must succeed on the changed tree, one a line. They run in the sandbox.',
    render: 'shell',
  },
  {
    key: 'context',
    label: 'Context',
    kind: 'lines',
    about: 'What may be read beside the scope: a path or glob a line.',
  },
  { key: 'flow', label: 'Flow', kind: 'line', about: 'Another flow than the usual one.' },
  {
    key: 'rules',
    label: 'Rules',
    kind: 'yaml',
    about: 'What the specialist needs beyond the acceptance sentences, as YAML.',
    render: 'yaml',
  },
  {
    key: 'limits',
    label: 'Limits',
    kind: 'yaml',
    about: 'maxFiles, maxLines or maxSteps, as YAML.',
    render: 'yaml',
  },
  { key: 'priority', label: 'Priority', kind: 'number', about: 'Higher runs earlier; 0 is usual.' },
  {
    key: 'dependsOn',
    label: 'Depends on',
    kind: 'lines',
    about: 'Ids of specs whose pull requests must be merged first, one a line.',
  },
  {
    key: 'id',
    label: 'Id',
    kind: 'line',
    about: 'A name of its own, in lower-case letters and dashes; otherwise issue-<number>.',
  },
];

/** What GitHub writes for a field that was left empty. */
export const noResponse = '_No response_';

/** Labels that the intake and people set on issues. */
export const intakeLabels = {
  spec: 'pantheon:spec',
  ready: 'pantheon:ready',
  invalid: 'pantheon:invalid',
  approved: 'pantheon:approved',
} as const;
