// SPDX-License-Identifier: GPL-3.0-only
import './metrics/accepted.ts';
import './metrics/figures.ts';
import './metrics/kappa-trend.ts';
import './metrics/learning-curve.ts';
import './metrics/queue.ts';
import './metrics/sizing.ts';
