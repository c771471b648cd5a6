// SPDX-License-Identifier: GPL-3.0-only
import './action-steps.ts';
import './doc-frontmatter/rules.ts';
import './merge-gate/agent.ts';
import './merge-gate/totals.ts';
import './test-ava/lost-imports.ts';
import './test-ava/reports.ts';
import './test-docs/agent.ts';
