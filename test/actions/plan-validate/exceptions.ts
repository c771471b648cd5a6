// SPDX-License-Identifier: GPL-3.0-only
import test from 'ava';
import type { SpecFile } from '../../../src/spec/schema.ts';
import { each } from '../../each.ts';
import { codegen, objects, plan } from './objects.ts';

/* What is to be left out and is not there is said: else it would be worked like everything else. */

const code = (acceptance: string, more: Partial<SpecFile> = {}) => ({
  worker: codegen,
  spec: { scope: ['docs/', 'src/'], acceptance: [acceptance], ...more },
});

each(objects, {
  'a folder in another case': [
    { spec: { scope: '**', exclude: 'Docs/Deep/' } },
    /^"Docs\/Deep\/" is to be left out, and the tree has no such file or folder$/,
    /^did you mean "docs\/deep\/"\? upper and lower case count$/,
  ],
  'a folder that is misspelt in the scope': [
    { spec: { scope: ['**', '!dosc/'] } },
    /^"dosc\/" is to be left out/,
    /^did you mean "docs\/"/,
  ],
  'a folder in another case in a sentence': [
    code('Every file except in Src/ ends with a newline'),
    /^"Src\/" is to be left out/,
    /^did you mean "src\/"/,
  ],
  'a file in another case in a sentence': [
    code('Every file except Guide.md ends with a newline'),
    /^".*Guide\.md" is to be left out/,
    /^did you mean "guide\.md"/,
  ],
});

const notes = test.macro(
  async (t, row: Parameters<typeof plan>[1], expected: readonly string[]) => {
    const { failure, result } = await plan(t, row);
    t.is(failure, undefined);
    t.deepEqual((result as { readonly notices?: readonly string[] }).notices ?? [], expected);
  },
);

each(notes, {
  'a folder that is there': [{ spec: { scope: '**', exclude: 'docs/deep/' } }, []],
  'a folder that nothing is called like': [
    { spec: { scope: '**', exclude: ['node_modules/', 'docs/deep/'] } },
    ['"node_modules/" leaves out nothing: the tree has none'],
  ],
  'a folder inside the one that is named': [
    code('Every file in docs/ except deep/ ends with a newline'),
    [],
  ],
  'an ending that no file has': [
    code('Every file ends with a newline', { exclude: '**/*.svg' }),
    ['"**/*.svg" leaves out nothing: the tree has none'],
  ],
});
