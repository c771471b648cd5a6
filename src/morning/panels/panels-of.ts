// SPDX-License-Identifier: GPL-3.0-only
import type { Panel } from '../client/page-data.ts';
import { acceptancePanel } from './acceptance-panel.ts';
import { agentsPanel } from './agents-panel.ts';
import { enginesPanel } from './engines-panel.ts';
import type { MorningFacts } from './morning-facts.ts';
import { queuePanel } from './queue-panel.ts';
import { reviewersPanel } from './reviewers-panel.ts';

/** What was measured, a panel for each subject on which there is something to say. */
export const panelsOf = (facts: MorningFacts): readonly Panel[] =>
  [
    acceptancePanel(facts),
    reviewersPanel(facts),
    queuePanel(facts),
    enginesPanel(facts),
    agentsPanel(facts),
  ].filter((panel) => panel !== undefined);
