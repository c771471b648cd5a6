// SPDX-License-Identifier: GPL-3.0-only
import type { Json } from '../../data/digest.ts';
import type { Sentence } from '../sentence.ts';

/**
 * Makes an argument of a phrase (quoted parts are marks, see `Sentence`); `undefined` where the phrase
 * is none. `before` is what the clause says before the phrase. For a place `{...:reader}` it gives an object of arguments.
 */
export type Reader = (phrase: string, sentence: Sentence, before?: string) => Json | undefined;
