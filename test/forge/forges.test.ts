// SPDX-License-Identifier: GPL-3.0-only
import './dashboard/issue.ts';
import './dashboard/ticks.ts';
import './github-forge.ts';
import './github/learn.ts';
import './github/refusals.ts';
import './github/resolutions.ts';
import './github/sending.ts';
import './intake/intake.ts';
import './intake/read.ts';
import './intake/secrets.ts';
import './intake/waits.ts';
import './local-forge.ts';
import './local-resolutions.ts';
import './pull-request-text.ts';
import './resolution.ts';
import './sign-commit.ts';
