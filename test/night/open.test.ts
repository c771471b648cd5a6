// SPDX-License-Identifier: GPL-3.0-only
import './open/altered-night.ts';
import './open/bad-engines.ts';
import './open/committed.ts';
import './open/hostile-tree.ts';
import './open/policy.ts';
import './open/read-commit.ts';
import './open/sealed-state.ts';
