// SPDX-License-Identifier: GPL-3.0-only
import '../morning/compare-nights.ts';
import './morning/compare.ts';
import './learn/mine.ts';
import './learn/train.ts';
import './morning/dashboard.ts';
import './morning/report.ts';
import './reference.ts';
import './rules.ts';
import './rules-learn.ts';
import './morning/size.ts';
