// SPDX-License-Identifier: GPL-3.0-only
import './bench/engines.ts';
import './bench/nights.ts';
