// SPDX-License-Identifier: GPL-3.0-only
import './doc-comment/approves.ts';
import './doc-comment/rejects.ts';
import './export/approves.ts';
import './export/rejects.ts';
import './test-skeleton/approves.ts';
import './test-skeleton/forms.ts';
import './test-skeleton/rejects.ts';
import './test-skeleton/worked.ts';
import './unused-export/judged.ts';
import './unused-export/worked.ts';
