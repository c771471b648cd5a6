// SPDX-License-Identifier: GPL-3.0-only

import { renderTranscript } from '../../agent/conversation.ts';
import type { RowSource } from './candidate.ts';
import type { Episode } from './read-episode.ts';

/** What is learned of the conversations of a split, and what is not. Characters are UTF-16 code units. */
export type MaskAudit = {
  readonly conversations: number;
  readonly steps: { readonly trained: number; readonly masked: number };
  readonly characters: {
    readonly trained: number;
    readonly masked: number;
    readonly context: number;
    /** Of the transcripts and in no row. */
    readonly cut: number;
  };
  /** The longest conversation; tokens as engines counted them, `null` where none did. */
  readonly longest: { readonly characters: number; readonly tokens: number | null };
};

export const noAudit: MaskAudit = {
  conversations: 0,
  steps: { trained: 0, masked: 0 },
  characters: { trained: 0, masked: 0, context: 0, cut: 0 },
  longest: { characters: 0, tokens: null },
};

/** Adds a conversation whose good steps are all learned. */
export const auditEpisode = (
  { conversations, steps, characters, longest }: MaskAudit,
  source: RowSource,
  episode: Episode,
): MaskAudit => {
  const whole = renderTranscript(episode.messages).length;
  const [trained, masked] = [true, false].map((isGood) => {
    const said = episode.steps.filter((step) => step.isGood === isGood);
    return { steps: said.length, characters: said.reduce((sum, one) => sum + one.said.length, 0) };
  }) as [Amount, Amount];
  const tokens = Math.max(longest.tokens ?? 0, episode.tokens ?? 0);
  return {
    conversations: conversations + 1,
    steps: { trained: steps.trained + trained.steps, masked: steps.masked + masked.steps },
    characters: {
      trained: characters.trained + trained.characters,
      masked: characters.masked + masked.characters,
      context: characters.context + whole - trained.characters - masked.characters,
      cut: characters.cut + source.characters - whole,
    },
    longest: {
      characters: Math.max(longest.characters, whole),
      tokens: tokens === 0 ? null : tokens,
    },
  };
};

type Amount = { readonly steps: number; readonly characters: number };
