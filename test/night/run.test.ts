// SPDX-License-Identifier: GPL-3.0-only
import '../morning/comments.ts';
import '../morning/page/page.ts';
import '../morning/page/panels.ts';
import '../morning/report.ts';
import './load-agent.ts';
import './plan-ahead.ts';
import './run/codes.ts';
import './run/lanes.ts';
import './run/night-bundles.ts';
import './run/rules.ts';
import './run/secrets.ts';
import './run/shipped-agents.ts';
import './run/units.ts';
