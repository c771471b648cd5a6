// SPDX-License-Identifier: GPL-3.0-only
import fc from 'fast-check';

/** Names that git quotes, closes with a tab or leaves alone; no two differ only by case. */
const paths = [
  'plain.md',
  'docs/with space.md',
  'docs/ünï "quoted".md',
  'docs/b c/日本語 🎉.md',
  'docs/a',
  '-dash',
  'docs/a b/c b/d',
  "it's $HOME.md",
];

const lineEnds = fc.constantFrom('\n', '\n', '\r\n', '\r', '\u2028');

const line = fc
  .tuple(
    fc.constantFrom(
      'a',
      'b',
      'c',
      '',
      '---',
      '+++ b/x',
      '@@ -1 +1 @@',
      '\\ No newline',
      'ü\0'.slice(0, 1),
    ),
    lineEnds,
  )
  .map(([text, end]) => `${text}${end}`);

const text = fc
  .tuple(fc.boolean(), fc.array(line, { maxLength: 14 }), fc.constantFrom('', '', 'no end'))
  .map(([mark, lines, tail]) => Buffer.from(`${mark ? '\ufeff' : ''}${lines.join('')}${tail}`));

const binary = fc
  .uint8Array({ minLength: 1, maxLength: 200 })
  .map((bytes) => Buffer.concat([bytes, Buffer.from([0, 255])]));

const latin1 = text.map((bytes) => Buffer.concat([bytes, Buffer.from([0xe9, 0x0a])]));

export const contentOf: fc.Arbitrary<Buffer> = fc.oneof(
  { weight: 6, arbitrary: text },
  { weight: 1, arbitrary: binary },
  { weight: 1, arbitrary: latin1 },
  { weight: 1, arbitrary: fc.constant(Buffer.alloc(0)) },
);

/** Lines of `base` kept, dropped or followed by new ones: an edit that leaves something standing. */
const touched = (base: Buffer): fc.Arbitrary<Buffer> =>
  fc
    .array(fc.constantFrom('keep', 'keep', 'keep', 'drop', 'add'), { minLength: 1 })
    .map((steps) => {
      const lines = base.toString('latin1').split(/(?<=\n)/);
      const edited = lines.map((part, at) => {
        const step = steps[at % steps.length];
        return step === 'drop' ? '' : step === 'add' ? `${part}new\n` : part;
      });
      return Buffer.from(edited.join(''), 'latin1');
    });

export type Edit = {
  readonly path: string;
  readonly before: Buffer | undefined;
  readonly after: Buffer | undefined;
};

const edit = (path: string): fc.Arbitrary<Edit> =>
  fc.option(contentOf, { nil: undefined }).chain((before) => {
    const after = fc.oneof(
      { weight: 3, arbitrary: before ? touched(before) : contentOf },
      { weight: 1, arbitrary: contentOf },
      { weight: 1, arbitrary: fc.constant(undefined) },
    );
    return after.map((content) => ({ path, before, after: content }));
  });

/** Files before and after, some new, some gone. */
export const edits: fc.Arbitrary<readonly Edit[]> = fc
  .subarray(paths, { minLength: 1 })
  .chain((chosen) => fc.tuple(...chosen.map(edit)));
