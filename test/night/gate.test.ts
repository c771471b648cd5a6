// SPDX-License-Identifier: GPL-3.0-only
import './decide/collect-night.ts';
import './decide/decide-spec.ts';
import './decide/estimate-night.ts';
import './decide/commit-dates.ts';
import './decide/outcome-parts.ts';
import './decide/why-worked.ts';
import '../review/gate/gate-rules.ts';
import './gate/ticked.ts';
import './gate/two-yeses.ts';
import './record/moved-state.ts';
import './record/night-folder.ts';
