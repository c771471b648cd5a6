// SPDX-License-Identifier: GPL-3.0-only
import './codegen/chores.ts';
import './codegen/exports.ts';
import './codegen/headers.ts';
import './codegen/rename-declines.ts';
import './codegen/rename-sentences.ts';
import './codegen/rename.ts';
