// SPDX-License-Identifier: GPL-3.0-only

/** How a field of the issue form is read. */
export type FieldKind = 'line' | 'lines' | 'number' | 'yaml';

export type FormField = {
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
export const formFields: readonly FormField[] = [
  {
    key: 'scope',
    label: 'Scope',
    kind: 'lines',
    about: 'The files that may change: one path or glob per line. Everything else is refused.',
    example: 'docs/',
    required: true,
  },
  {
    key: 'acceptance',
    label: 'Acceptance',
    kind: 'lines',
    about:
      'The sentences that must be true afterwards, one per line. A reviewer must be able to check them.',
    example: 'Every note has a title and tags',
    required: true,
  },
  {
    key: 'checks',
    label: 'Checks',
    kind: 'lines',
    about: 'Commands that must succeed on the changed tree, one per line. They run in the sandbox.',
    render: 'shell',
  },
  {
    key: 'context',
    label: 'Context',
    kind: 'lines',
    about: 'The files that may be read beside the scope: one path or glob per line.',
  },
  { key: 'flow', label: 'Flow', kind: 'line', about: 'A flow other than the default.' },
  {
    key: 'rules',
    label: 'Rules',
    kind: 'yaml',
    about: 'Rules for the specialist beyond the acceptance sentences, as YAML.',
    render: 'yaml',
  },
  {
    key: 'limits',
    label: 'Limits',
    kind: 'yaml',
    about: 'maxFiles, maxLines or maxSteps, as YAML.',
    render: 'yaml',
  },
  {
    key: 'priority',
    label: 'Priority',
    kind: 'number',
    about: 'Higher runs earlier; the default is 0.',
  },
  {
    key: 'dependsOn',
    label: 'Depends on',
    kind: 'lines',
    about: 'Ids of specs whose pull requests must be merged first, one per line.',
  },
  {
    key: 'id',
    label: 'Id',
    kind: 'line',
    about: 'A name in lower-case letters and dashes; the default is issue-<number>.',
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
