// SPDX-License-Identifier: GPL-3.0-only
import test from 'ava';
import type { Resolution } from '../../../src/forge/resolution.ts';
import { decidedUnits } from '../../../src/learn/mine/decided-units.ts';
import { each } from '../../each.ts';

const pullRequest = {
  ...{ spec: 'tidy', specDigest: 'd', night: '2026-11-21', title: 'Tidy', body: '' },
  ...{ branch: 'pantheon/tidy-1', base: 'b', commit: 'c', digest: 'p', supersedes: [] },
  units: { approved: ['u'], red: ['red'] },
};

const decided = test.macro((t, resolution: Resolution, isDecided: boolean) => {
  const units = decidedUnits([{ pullRequest, resolution }]);
  t.deepEqual([...units] as unknown, isDecided ? [['2026-11-21/tidy/u', resolution]] : []);
});

each(decided, {
  'merged untouched': ['zero-touch', true],
  accepted: ['accepted', true],
  rejected: ['rejected', true],
  'still open': ['pending', false],
  'nobody looked': ['ignored', false],
  'not to be read': ['unknown', false],
});
