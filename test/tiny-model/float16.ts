// SPDX-License-Identifier: GPL-3.0-only

const word = new Float32Array(1);
const bits = new Uint32Array(word.buffer);

/** IEEE 754 half precision of each number, nearest and ties to even; too small becomes zero. */
export const toFloat16 = (values: Float32Array): Uint16Array =>
  Uint16Array.from(values, (value) => {
    word[0] = value;
    const raw = bits[0] ?? 0;
    const sign = (raw >>> 16) & 0x8000;
    const exponent = ((raw >>> 23) & 0xff) - 112;
    if (exponent <= 0) return sign;
    if (exponent >= 31) return sign | 0x7c00;
    const half = (exponent << 10) | ((raw >>> 13) & 0x3ff);
    const rest = raw & 0x1fff;
    const up = rest > 0x1000 || (rest === 0x1000 && (half & 1) === 1);
    return sign | (half + (up ? 1 : 0));
  });
