// SPDX-License-Identifier: GPL-3.0-only
import fc from 'fast-check';

const point = fc.nat(0x10_ffff).map((value) => (value >>> 11 === 0x1b ? 0x61 : value));

/** Any characters but half surrogates; fast-check's own (`unit: 'binary'`) takes a second to set up. */
export const anyText = (maxLength?: number): fc.Arbitrary<string> =>
  fc
    .array(point, maxLength === undefined ? {} : { maxLength })
    .map((points) => String.fromCodePoint(...points));
