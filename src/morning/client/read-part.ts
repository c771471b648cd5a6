// SPDX-License-Identifier: GPL-3.0-only

/**
 * A part of the page: JSON in gzip in base64, in an inert script element. The checksum that ends a gzip
 * stream (RFC 1952) catches what was cut or altered. @throws Error that says what is wrong with it.
 */
export const readPart = async (id: string): Promise<unknown> => {
  const holder = document.getElementById(id);
  if (!holder) throw new Error(`the part "${id}" is missing`);
  const packed = bytesOf(id, holder.textContent.trim());
  const stream = new Blob([packed]).stream().pipeThrough(new DecompressionStream('gzip'));
  const text = await new Response(stream).text().catch((cause) => {
    throw new Error(`the part "${id}" is cut or altered`, { cause });
  });
  return JSON.parse(text);
};

const bytesOf = (id: string, text: string): Uint8Array<ArrayBuffer> => {
  try {
    return Uint8Array.from(atob(text), (letter) => letter.charCodeAt(0));
  } catch (cause) {
    throw new Error(`the part "${id}" is altered`, { cause });
  }
};
