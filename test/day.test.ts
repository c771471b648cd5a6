// SPDX-License-Identifier: GPL-3.0-only
import './day/models/download.ts';
import './day/models/hub.ts';
import './day/models/pull.ts';
import './day/models/store.ts';
import './day/models/unpack-wheel.ts';
import './day/planner.ts';
