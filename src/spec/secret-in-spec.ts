// SPDX-License-Identifier: GPL-3.0-only
import type { PlacedDocument } from '../data/read-document.ts';
import type { Source } from '../data/read-source.ts';
import { type Place, UserError } from '../data/user-error.ts';
import { describeSecret, type Secret, secretInText } from '../secrets/find-secrets.ts';
import { textsIn } from '../secrets/texts-in.ts';

/** Refuses the text of a spec that holds a secret: it would stand in prompts, commits and reports. */
export const refuseSecretText = ({ name, text }: Source): void => {
  const secret = secretInText(text);
  if (secret) throw refusal(secret, { file: name, line: secret.line });
};

/** The same for what its text means, where that is written with escapes. */
export const refuseSecretValues = ({ data, placeOf }: PlacedDocument<unknown>): void => {
  for (const [path, text] of textsIn(data)) {
    const secret = secretInText(text);
    if (secret) throw refusal(secret, placeOf(path));
  }
};

const refusal = (secret: Secret, place: Place): UserError =>
  new UserError(
    `${describeSecret(secret)}, so nothing is made of it. Take it out, and replace it where it is in use`,
    { place },
  );
