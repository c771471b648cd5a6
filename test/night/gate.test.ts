// SPDX-License-Identifier: GPL-3.0-only
import '../review/gate/gate-rules.ts';
import './decide/collect-night.ts';
import './decide/commit-dates.ts';
import './decide/commit-settings.ts';
import './decide/decide-spec.ts';
import './decide/estimate-night.ts';
import './decide/outcome-parts.ts';
import './decide/why-worked.ts';
import './gate/ticked.ts';
import './gate/two-yeses.ts';
import './prune-nights.ts';
import './record/moved-state.ts';
import './record/night-folder.ts';
import './verify/cost.ts';
import './verify/verify-night.ts';
