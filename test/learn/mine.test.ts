// SPDX-License-Identifier: GPL-3.0-only
import './mine/decided-units.ts';
import './mine/refused.ts';
import './mine/rows.ts';
import './mine/split.ts';
