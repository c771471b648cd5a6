// SPDX-License-Identifier: GPL-3.0-only

const printable = (byte: number): boolean =>
  (byte >= 33 && byte <= 126) || (byte >= 161 && byte <= 172) || (byte >= 174 && byte <= 255);

/** The letter that stands for each byte in a byte-level vocabulary (GPT-2's `bytes_to_unicode`). */
export const byteLetters: readonly string[] = (() => {
  let next = 256;
  return Array.from({ length: 256 }, (_, byte) =>
    String.fromCodePoint(printable(byte) ? byte : next++),
  );
})();

const letterBytes = new Map(byteLetters.map((letter, byte) => [letter, byte]));

/** Bytes of a vocabulary entry. */
export const toBytes = (letters: string): Buffer =>
  Buffer.from(Array.from(letters, (letter) => letterBytes.get(letter) ?? 0));
