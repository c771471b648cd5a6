// SPDX-License-Identifier: GPL-3.0-only
import './learn/export/agent-trace.ts';
import './learn/export/atif.ts';
import './learn/invented-notes.ts';
import './learn/mine/decided-units.ts';
import './learn/mine/decisions.ts';
import './learn/mine/held-out.ts';
import './learn/mine/refused.ts';
import './learn/mine/rows.ts';
import './learn/mine/split.ts';
import './learn/promote/judge-eval.ts';
import './learn/promote/looks.ts';
import './learn/route.ts';
import './learn/train/convert-adapter.ts';
import './learn/train/plan.ts';
