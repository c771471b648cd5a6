// SPDX-License-Identifier: GPL-3.0-only
import { UserError } from '../../data/user-error.ts';

/** A whole number from 1 on that an option gives. @throws UserError when it is none. */
export const readCount = (option: string, text: string, most = 999_999): number => {
  const value = Number(text);
  if (/^[1-9]\d*$/.test(text) && value <= most) return value;
  throw new UserError(`${option}: "${text}" is not a whole number from 1 to ${most}`);
};
