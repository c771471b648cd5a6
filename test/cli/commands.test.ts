// SPDX-License-Identifier: GPL-3.0-only
import './chores.ts';
import './doctor/doctor.ts';
import './exam.ts';
import './github/flow.ts';
import './github/init.ts';
import './github/sync.ts';
import './keys.ts';
import './jobs/jobs.ts';
import './main.ts';
import './models/list.ts';
import './pull-requests.ts';
import './shared/outcome-table.ts';
import './spec.ts';
import './trace/command.ts';
import './trace/show.ts';
