// SPDX-License-Identifier: GPL-3.0-only
import './prune-nights.ts';
import './verify/verify-night.ts';
import './verify/cost.ts';
