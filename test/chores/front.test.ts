// SPDX-License-Identifier: GPL-3.0-only
import './frontmatter/new-block.ts';
import './frontmatter/old-block.ts';
import './frontmatter/whole-patch.ts';
import './header/bad.ts';
import './header/judged.ts';
import './header/tree.ts';
import './header/worked.ts';
import './key/descriptions.ts';
import './key/rules.ts';
import './key/values.ts';
