// SPDX-License-Identifier: GPL-3.0-only

/** The bytes of a model's tokens, for reading answers byte by byte. */
export type Vocabulary = {
  /** By token; `undefined` for those that are no text (the end of a turn and the like). */
  readonly bytes: readonly (Uint8Array | undefined)[];
  /** Tokens with text in the order of their bytes. */
  readonly sorted: readonly number[];
  readonly byText: ReadonlyMap<string, number>;
};

/** What a GGUF says of its tokens. */
export type TokenTable = {
  /** `gpt2`: byte-level BPE; `llama`: SentencePiece. */
  readonly model: string;
  readonly tokens: readonly string[];
  readonly kinds: readonly number[];
};

/** Numbers of token kinds in GGUF. */
export const tokenKinds = { normal: 1, userDefined: 4, byte: 6 } as const;

/** Reads the table. `undefined` for a kind of vocabulary whose tokens' bytes are not known. */
export const readVocabulary = (table: TokenTable): Vocabulary | undefined => {
  const decode = decoders[table.model];
  if (!decode) return undefined;
  const bytes = table.tokens.map((token, index) => {
    const tokenKindOf = table.kinds[index] ?? tokenKinds.normal;
    if (tokenKindOf === tokenKinds.normal) return decode(token);
    if (tokenKindOf === tokenKinds.byte) return byteToken(token);
    // Markers like <tool_call> are written as text by none but their makers.
    if (tokenKindOf === tokenKinds.userDefined && !/^<.*>$/.test(token)) return Buffer.from(token);
    return undefined;
  });
  const texts = bytes.map((value) => (value ? Buffer.from(value).toString('latin1') : ''));
  const sorted = [...texts.keys()].filter((token) => texts[token] !== '');
  sorted.sort((a, b) => compare(texts[a] ?? '', texts[b] ?? '') || a - b);
  const byText = new Map<string, number>();
  for (const token of sorted) {
    const text = texts[token] ?? '';
    if (!byText.has(text)) byText.set(text, token);
  }
  return { bytes, sorted, byText };
};

const compare = (a: string, b: string): number => (a < b ? -1 : a > b ? 1 : 0);

const byteToken = (token: string): Uint8Array | undefined => {
  const [, hex] = /^<0x([0-9A-Fa-f]{2})>$/.exec(token) ?? [];
  return hex === undefined ? undefined : Uint8Array.of(Number.parseInt(hex, 16));
};

const isShown = (byte: number): boolean =>
  (byte >= 33 && byte <= 126) || (byte >= 161 && byte <= 172) || byte >= 174;

/** GPT-2's `bytes_to_unicode`, the other way round. */
const letterBytes: ReadonlyMap<string, number> = (() => {
  let next = 256;
  return new Map(
    Array.from({ length: 256 }, (_, byte) => [
      String.fromCodePoint(isShown(byte) ? byte : next++),
      byte,
    ]),
  );
})();

const fromLetters = (token: string): Uint8Array => {
  const bytes: number[] = [];
  for (const letter of token) {
    const byte = letterBytes.get(letter);
    if (byte === undefined) return Buffer.from(token);
    bytes.push(byte);
  }
  return Uint8Array.from(bytes);
};

const fromPiece = (token: string): Uint8Array => Buffer.from(token.replaceAll('\u2581', ' '));

const decoders: Readonly<Record<string, (token: string) => Uint8Array>> = {
  gpt2: fromLetters,
  llama: fromPiece,
};

/** The longest token that begins at `from`, again and again; `undefined` where a byte has none. */
export const greedyTokens = (
  { byText }: Vocabulary,
  bytes: Uint8Array,
): readonly number[] | undefined => {
  const text = Buffer.from(bytes).toString('latin1');
  const tokens: number[] = [];
  for (let from = 0; from < text.length; ) {
    let length = Math.min(longestToken, text.length - from);
    while (length > 0 && !byText.has(text.slice(from, from + length))) length -= 1;
    const token = byText.get(text.slice(from, from + length));
    if (token === undefined) return undefined;
    tokens.push(token);
    from += length;
  }
  return tokens;
};

const longestToken = 64;
