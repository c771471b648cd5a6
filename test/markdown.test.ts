// SPDX-License-Identifier: GPL-3.0-only
import './markdown/body.ts';
import './markdown/edit-frontmatter-properties.ts';
import './markdown/edit-frontmatter.ts';
import './markdown/foreign-front.ts';
import './markdown/micromark.ts';
import './markdown/normalise-note.ts';
import './markdown/taken-values.ts';
