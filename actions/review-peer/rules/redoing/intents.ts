// SPDX-License-Identifier: GPL-3.0-only
import type { Intent } from '../../../../src/chore/intent-kinds.ts';

export type IntentOf<K extends Intent['kind']> = Extract<Intent, { kind: K }>;

/** The intents of one kind. */
export const intentsOfKind = <K extends Intent['kind']>(
  intents: readonly Intent[],
  kind: K,
): readonly IntentOf<K>[] =>
  intents.filter((intent): intent is IntentOf<K> => intent.kind === kind);
