// SPDX-License-Identifier: GPL-3.0-only
import './test-ava/agent.ts';
import './test-ava/runners.ts';
