// SPDX-License-Identifier: GPL-3.0-only
import './plan-validate/agent.ts';
import './plan-validate/chores.ts';
import './plan-validate/exceptions.ts';
import './plan-validate/left-out.ts';
import './plan-validate/named-files.ts';
import './plan-validate/programs.ts';
