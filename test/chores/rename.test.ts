// SPDX-License-Identifier: GPL-3.0-only
import './rename/bad-captures.ts';
import './rename/bad-others.ts';
import './rename/bad-uses.ts';
import './rename/bad-ways.ts';
import './rename/good-left.ts';
import './rename/good.ts';
import './rename/large-trees.ts';
import './rename/marked.ts';
