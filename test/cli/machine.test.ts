// SPDX-License-Identifier: GPL-3.0-only
import './deps.ts';
import './doctor/sources.ts';
import './own-chores.ts';
import './place.ts';
