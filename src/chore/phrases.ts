// SPDX-License-Identifier: GPL-3.0-only

/** Phrases that every chore's sentences may use, as templates. */
export const standardPhrases: Readonly<Record<string, string>> = {
  must: '[must |should |shall |will |need to |needs to ](now |also |all |each |still |only |again )*',
  have: '<must>(have|has|having|carry|carries|bear|bears|get|gets|contain|contains|include|includes|need|needs|require|requires)',
  be: '<must>(is|are|be|has been|have been|gets|get|can be|stays|stay|remains|remain|continue to be|continues to be)( now| also| all| again| publicly| always| exactly| completely| fully| entirely)*',
  same: '(unchanged|untouched|the same|identical|intact|preserved|unmodified|as (it|they) (is|are|was|were)[ before]|not (changed|touched|modified)|kept[ as (it|they) (is|are|was|were)])[[,] byte (for|by) byte]',
  changed:
    '[is |are |was |were |has |have |gets |get ](changed|changes|change|touched|modified|edited|differs|differ|altered)',
  uses: '(use|uses|usage|usages|reference|references|caller|callers|call site|call sites|import|imports|occurrence|occurrences|mention|mentions)',
};
