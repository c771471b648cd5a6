// SPDX-License-Identifier: GPL-3.0-only
import './publish/dashboard.ts';
import './publish/told-issues.ts';
