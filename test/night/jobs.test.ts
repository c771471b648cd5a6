// SPDX-License-Identifier: GPL-3.0-only
import './jobs/fetch-night.ts';
import './jobs/hidden.ts';
import './jobs/job-figures.ts';
import './jobs/flow-job.ts';
import './jobs/jobs.ts';
import './jobs/no-vote.ts';
import './jobs/rules.ts';
import './jobs/shard-job.ts';
import './jobs/shards.ts';
