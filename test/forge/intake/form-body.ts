// SPDX-License-Identifier: GPL-3.0-only
import { formFields, noResponse } from '../../../src/forge/intake/form.ts';

/** An issue's text as GitHub writes it from the form. */
export const formBody = (values: Readonly<Record<string, string>>): string =>
  formFields.map(({ key, label }) => `### ${label}\n\n${values[key] ?? noResponse}\n`).join('\n');
