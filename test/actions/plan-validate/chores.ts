// SPDX-License-Identifier: GPL-3.0-only
import { each } from '../../each.ts';
import { codegen, objects } from './objects.ts';

each(objects, {
  'a sentence nobody can check': [
    { spec: { acceptance: ['The frontmatter of every note is normalised', 'It feels nicer'] } },
    /no chore covers the sentence "It feels nicer"/,
    /^name the file, name or value that it is about; "pantheon chores"/,
  ],
  'a sentence that is near to one of a chore': [
    { spec: { acceptance: ['Pages deserve better titles and tags'] } },
    /no chore covers/,
    /^if you mean this, write instead: do: \[\{"key":.*"keys":\["title","tags"\],"state":"present"\}\}\]; otherwise/,
  ],
  'a sentence that is about a chore and lacks what it needs': [
    { worker: codegen, spec: { acceptance: ['Rename what is named badly'] } },
    /no chore covers/,
    /^write it like: Rename the key `categories` to `tags` in all posts; .* a model can be asked more/,
  ],
  'a sentence with words that no chore reads': [
    { spec: { acceptance: ['Every note has a title, says Ada'] } },
    /^no chore covers the sentence "Every note has a title, says Ada"$/,
    /^if you mean this, write instead: do: \[\{"key":\{.*"keys":\["title"\],"state":"present"\}\}\]; otherwise "pantheon chores" .* a model can be asked more$/,
  ],
  'a sentence that may mean a chore or another thing': [
    { spec: { acceptance: ['Remove `foo`, and nothing else changes'] } },
    /^the sentence "Remove `foo`, .*" may mean the chore "key" \(Says of frontmatter keys .*\), or something else$/,
    /^if it does, write instead: do: \[\{"key":\{"keys":\["foo"\],"state":"absent"\}\},\{"unchanged":\{"part":"elsewhere"\}\}\]$/,
  ],
  'a sentence that asks for less than a chore does': [
    { worker: codegen, spec: { scope: 'docs/', acceptance: ['Fix all links'] } },
    /may mean the chore "links" \(Points broken relative links .*\)/,
    /write instead: do: \[\{"links":\{\}\}\]$/,
  ],
  'a chore of another flow': [
    { worker: codegen, spec: { acceptance: ['Every note has a title'] } },
    /the chore "key" is the work of doc\.frontmatter, and this flow works with codegen/,
    /^write "flow: docops" in the spec/,
  ],
  'a chore that there is not': [
    { worker: codegen, spec: { do: [{ renam: { from: 'a', to: 'b' } }], acceptance: undefined } },
    /^there is no chore "renam" \(did you mean "rename"\?\)$/,
    /^"pantheon chores" lists them$/,
  ],
  'a doc comment that switches a check off': [
    { worker: codegen, spec: { acceptance: ['`a` has a doc comment saying "@ts-ignore"'] } },
    /the words of the doc comment would tell a tool/,
    /a person/,
  ],
  'a header that switches a check off': [
    {
      worker: codegen,
      spec: {
        scope: 'src/',
        acceptance: ['All *.ts start with "// @ts-nocheck SPDX-License-Identifier: MIT"'],
      },
    },
    /the words of the header would tell a tool/,
    /a person/,
  ],
  'a header that says nothing': [
    { worker: codegen, spec: { acceptance: ['Every file has a header'] } },
    /^no sentence names the licence of the header$/,
    /^name one, as in "All files have an MIT header", or write the words under rules\.header$/,
  ],
  'a header of the rules that does': [
    {
      worker: codegen,
      spec: {
        acceptance: ['Every file has a header'],
        rules: { header: '/* eslint-disable */ MIT' },
      },
    },
    /the words of the header would tell a tool/,
    /a person/,
  ],
  'a key that would be no text': [
    { worker: codegen, spec: { acceptance: ['Rename the key `categories` to `Null`'] } },
    /^rename-key\.to: /,
    /pantheon chores rename-key/,
  ],
  'arguments that would be a prototype': [
    { worker: codegen, spec: { acceptance: ['format: {"__proto__":{"files":5}}'] } },
    /the chore "format" has no argument "__proto__"/,
    /pantheon chores format/,
  ],
  'a chore that lacks an argument': [
    { worker: codegen, spec: { do: [{ rename: { from: 'a' } }], acceptance: undefined } },
    /^rename\.to: is required/,
    /^"pantheon chores rename" shows what it takes/,
  ],
  'a chore with an argument of another kind': [
    { worker: codegen, spec: { do: [{ export: { names: 'a' } }] } },
    /^export\.names: must be a list$/,
    /pantheon chores export/,
  ],
  'a chore with an argument that is misspelt': [
    { worker: codegen, spec: { do: [{ rename: { form: 'a', to: 'b' } }] } },
    /^the chore "rename" has no argument "form" \(did you mean "from"\?\)$/,
    /^it takes from, to, files; "pantheon chores rename" shows how it is asked for$/,
  ],
  'a number beyond its bound': [
    { worker: codegen, spec: { scope: '**', exclude: '.github/', do: [{ toc: { depth: 9 } }] } },
    /^toc\.depth: must be at most 6$/,
    /pantheon chores toc/,
  ],
  'a chore that is asked for without anything': [
    { worker: codegen, spec: { do: [{ 'tag-style': {} }] } },
    /^tag-style: needs at least 1 key$/,
    /pantheon chores tag-style/,
  ],
});
