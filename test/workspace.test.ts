// SPDX-License-Identifier: GPL-3.0-only
import './workspace/base-tree.ts';
import './workspace/commit.ts';
import './workspace/git.ts';
import './workspace/overlay.ts';
import './workspace/patch-faults.ts';
import './workspace/patch.ts';
import './workspace/path.ts';
import './workspace/worktree.ts';
