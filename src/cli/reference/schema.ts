// SPDX-License-Identifier: GPL-3.0-only
import { didYouMean } from '../../data/nearest.ts';
import { UserError } from '../../data/user-error.ts';
import { contractNames, contractText, contractTitle } from './contracts.ts';

/** `pantheon schema [NAME]`: lists the contracts, or prints one as JSON Schema. */
export const schemaCommand = (name: string | undefined): void => {
  if (name === undefined) {
    const lines = contractNames.map((one) => `  ${one.padEnd(10)} ${contractTitle(one)}\n`);
    process.stdout.write(lines.join(''));
    return;
  }
  const text = contractText(name);
  if (text === undefined) {
    throw new UserError(
      `there is no schema "${name}"${didYouMean(name, contractNames)}; "pantheon schema" lists them`,
    );
  }
  process.stdout.write(text);
};
