// SPDX-License-Identifier: GPL-3.0-only
import './codegen/chores.ts';
import './codegen/evaluation.ts';
import './codegen/exports.ts';
import './codegen/headers.ts';
import './codegen/rename-declines.ts';
import './codegen/rename-sentences.ts';
import './codegen/rename.ts';
import './plan-validate/agent.ts';
import './plan-validate/chores.ts';
import './plan-validate/exceptions.ts';
import './plan-validate/left-out.ts';
import './plan-validate/named-files.ts';
import './plan-validate/programs.ts';
