// SPDX-License-Identifier: GPL-3.0-only
import './hand/hostile.ts';
import './hand/processes.ts';
