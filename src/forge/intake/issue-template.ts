// SPDX-License-Identifier: GPL-3.0-only
import { stringify } from 'yaml';
import { type FormField, formFields, intakeLabels } from './form.ts';

/** The issue form, `.github/ISSUE_TEMPLATE/pantheon-spec.yml` (docs.github.com, "Syntax for GitHub's form schema"). */
export const issueTemplate = (): string =>
  stringify(
    {
      name: 'Spec for the night',
      description: 'A narrow, checkable chore that Pantheon works at night',
      labels: [intakeLabels.spec],
      body: [
        {
          type: 'markdown',
          attributes: {
            value:
              'A comment will say how this was understood. Somebody with write access then approves it with the label `pantheon:approved`.',
          },
        },
        ...formFields.map(formField),
      ],
    },
    { lineWidth: 0 },
  );

const formField = ({ key, label, kind, about, example, required, render }: FormField) => ({
  type: kind === 'lines' || kind === 'yaml' ? 'textarea' : 'input',
  id: key,
  attributes: {
    label,
    description: about,
    ...(example !== undefined && { placeholder: example }),
    ...(render !== undefined && { render }),
  },
  ...(required && { validations: { required } }),
});
