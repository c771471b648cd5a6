// SPDX-License-Identifier: GPL-3.0-only
import { gunzipSync } from 'node:zlib';

/** A part of a page, unpacked by a reader that is not the page's own. */
export const partOf = (page: string, id: string): unknown => {
  const [, packed = ''] = new RegExp(`id="${id}">([^<]*)<`).exec(page) ?? [];
  return JSON.parse(gunzipSync(Buffer.from(packed, 'base64')).toString('utf8'));
};
