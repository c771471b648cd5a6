// SPDX-License-Identifier: GPL-3.0-only
import { promisify } from 'node:util';
import { gzip } from 'node:zlib';

const compress = promisify(gzip);

/** A value as the page carries it: an inert script element of JSON in gzip (RFC 1952) in base64. */
export const packPart = async (id: string, value: unknown): Promise<string> => {
  const packed = await compress(JSON.stringify(value));
  return `<script type="application/gzip" id="${id}">${packed.toString('base64')}</script>\n`;
};
