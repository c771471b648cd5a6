// SPDX-License-Identifier: GPL-3.0-only
import { UserError } from '../data/user-error.ts';

/** The name of `pantheon.yaml` in messages about its content. */
export const configName = 'pantheon.yaml';

/** A mistake in `pantheon.yaml`; the message begins with the setting: `profiles.gpu.default.model: ...`. */
export const configMistake = (message: string, cause?: unknown): UserError =>
  new UserError(message, { place: { file: configName }, cause });
