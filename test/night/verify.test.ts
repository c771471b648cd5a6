// SPDX-License-Identifier: GPL-3.0-only
import './verify/verify-night.ts';
import './verify/cost.ts';
