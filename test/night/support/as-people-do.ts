// SPDX-License-Identifier: GPL-3.0-only
import { workConfined } from '../../../src/night/child/work-confined.ts';
import type { NightOptions } from '../../../src/night/start-night.ts';
import { bubblewrap } from '../../boundary/with-bubblewrap.ts';

/** A night is worked in a process of its own, where one can be confined: engines are reached by relays. */
export const asPeopleDo: Partial<NightOptions> = bubblewrap
  ? { work: workConfined, example: false }
  : {};
