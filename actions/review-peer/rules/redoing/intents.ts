// SPDX-License-Identifier: GPL-3.0-only
import type { Intent } from '../../../../src/spec/intent-kinds.ts';

export type Of<K extends Intent['kind']> = Extract<Intent, { kind: K }>;

/** The intents of one kind. */
export const pick = <K extends Intent['kind']>(
  intents: readonly Intent[],
  kind: K,
): readonly Of<K>[] => intents.filter((intent): intent is Of<K> => intent.kind === kind);
