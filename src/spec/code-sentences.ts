// SPDX-License-Identifier: GPL-3.0-only
import type { Intent } from './intent-kinds.ts';
import { readLicence } from './licence.ts';
import { readFiles, readIndex, readNames, readOneName, readPath } from './phrase.ts';
import {
  isQuoted,
  type Sentence,
  type SentenceMatch,
  type SentenceRule,
  sentenceRule,
  unquote,
} from './sentence.ts';

const must =
  '(?:(?:must|should|shall|will|need to|needs to) )?(?:(?:now|also|all|each|still|only) )*';
const have = `${must}(?:have|has|having|carry|carries|bear|bears|get|gets|contain|contains|include|includes)`;
const be = `${must}(?:is|are|be|has been|have been|gets|get|can be)(?: (?:now|also|all|again|publicly))*`;
const start = `${must}(?:start|starts|begin|begins|open|opens) with`;

type Header = { readonly licence?: string; readonly text?: string };

/** "a GPL header", "the header `// Copyright ...`", "SPDX-License-Identifier: MIT". */
const readHeader = (phrase: string | undefined, sentence: Sentence): Header | undefined => {
  if (phrase === undefined) return undefined;
  const text = phrase.replace(/^(?:an?|the|its|their|missing|following) /iu, '');
  const quoted =
    /^(?:(?:[\w-]+ )*?(?:header|line|notice|comment|identifier)(?: line)?:? )?(\uE000\d+\uE001)(?: (?:header|line|notice|comment)| at the top)?$/iu.exec(
      text,
    )?.[1];
  if (quoted) {
    const said = unquote(quoted, sentence);
    const spdx = /SPDX-License-Identifier: *([\w.+-]+)/u.exec(said)?.[1];
    if (spdx || /licen[cs]e|copyright|©/iu.test(said)) {
      return { text: said, ...(spdx && { licence: spdx }) };
    }
  }
  const line =
    /^(?:(?:\/\/|#|--|\/\*|<!--) ?)?SPDX-License-Identifier: *([\w.+-]+)(?: (?:\*\/|-->))?(?: (?:header|line))?$/u.exec(
      unquote(text, sentence),
    )?.[1];
  if (line) return { licence: line };
  const words =
    /^(?<before>.*?) ?(?:(?:licen[cs]e|copyright|licen[cs]ing|spdx|short|standard|one-line) )*(?:headers?|licen[cs]e notices?|(?:spdx )?(?:licen[cs]e )?identifiers?|(?:licen[cs]e|spdx) (?:lines?|comments?))(?: (?:comment|line)s?)?(?: at the (?:top|start))?$/iu.exec(
      unquote(text, sentence),
    )?.groups;
  if (!words) return undefined;
  const name = (words.before ?? '').replace(
    /^(?:(?:a|an|the|short|standard|proper|missing|licen[cs]e|spdx|valid) ?)+$/iu,
    '',
  );
  const bare = name.replace(/^(?:(?:short|standard|proper|valid|missing|spdx) )+/iu, '');
  const licence = readLicence(bare.replace(/ (?:licen[cs]e|spdx)$/iu, ''));
  if (licence) return { licence };
  return bare === '' ? {} : undefined;
};

const header = ({ get, sentence }: SentenceMatch): Intent | undefined => {
  const parsed = readHeader(get('header'), sentence);
  const files = readFiles(get('files') ?? 'all files', sentence);
  return parsed && files && { kind: 'header', files, ...parsed };
};

const exported = ({ get, sentence }: SentenceMatch): Intent | undefined => {
  const names = readNames(get('names'), sentence, 'plain');
  const index = readIndex(get('index'), sentence);
  const from = get('from') === undefined ? undefined : readPath(get('from'), sentence);
  if (!names || (get('index') && index === undefined) || (get('from') && !from)) return undefined;
  return { kind: 'export', names, ...(from && { from }), ...(index && { index }) };
};

const renamed = ({ get, sentence }: SentenceMatch): Intent | undefined => {
  const from = readOneName(get('old'), sentence, 'plain');
  const to = readOneName(get('new'), sentence, 'plain');
  const files = readFiles(get('files') ?? 'all files', sentence);
  return from && to && from !== to && files ? { kind: 'rename', from, to, files } : undefined;
};

/** "is called once" speaks of calls: a new name is in quotes. To replace uses is no renaming. */
const called = (caught: SentenceMatch): Intent | undefined =>
  isQuoted(caught.get('new') ?? '') ? renamed(caught) : undefined;

const commented = ({ get, sentence }: SentenceMatch): Intent | undefined => {
  const quoted = get('text');
  if (quoted !== undefined && !isQuoted(quoted)) return undefined;
  const text = quoted === undefined ? {} : { text: unquote(quoted, sentence) };
  const files = readFiles(get('files') ?? 'all files', sentence);
  if (!files) return undefined;
  const every =
    /^(?:all|every|each)(?: of the)?(?: exported| public)+ (?:(?<which>function|type|class|constant)|symbol|declaration|name|member|export|thing)(?:e?s)?$/iu;
  const whom = get('names') ?? '';
  const match = every.exec(whom);
  if (match) {
    const which = whichOf(match.groups?.which);
    return { kind: 'doc-comment', names: [], ...(which && { which }), files, ...text };
  }
  const names = readNames(whom, sentence);
  return names && { kind: 'doc-comment', names, files, ...text };
};

const whichOf = (noun: string | undefined) =>
  (['function', 'type', 'class', 'constant'] as const).find((one) => one === noun?.toLowerCase());

const tested = ({ get, sentence }: SentenceMatch): Intent | undefined => {
  const subject = get('subject');
  const test = get('test') === undefined ? undefined : readPath(get('test'), sentence);
  const from = get('source') === undefined ? undefined : readPath(get('source'), sentence);
  if ((get('test') && !test) || (get('source') && !from)) return undefined;
  const path = readPath(subject, sentence);
  const names = path ? [] : readNames(subject, sentence);
  const source = path ?? from;
  return (
    names && { kind: 'test-skeleton', names, ...(source && { source }), ...(test && { test }) }
  );
};

const gone = ({ get, sentence }: SentenceMatch): Intent | undefined => {
  const name = readOneName(get('name'), sentence, 'plain');
  const files = readFiles(get('files') ?? 'all files', sentence);
  return name && files ? { kind: 'absent', name, files } : undefined;
};

const uses = '(?:uses?|usages?|references?|callers?|call sites?|imports?|occurrences?|mentions?)';
const doc =
  '(?:an? |the |its |their |missing |one-line |short )*(?:doc|docs|documentation|jsdoc|tsdoc|api doc)[ -]?comments?';
const saying = '(?: (?:saying|that says|that reads|reading|with the text)|:) {text}';
const testFile =
  '(?:an? |the |one )?(?:new |ava |unit |small |matching )*test(?:s|[ -]?file|[ -]?skeleton|[ -]?case| skeleton file|-file)?';
const verb = '(?:add|write|create|generate|make|put|insert|provide)';

/** Sentences about code: headers, exports, renames, doc comments, test skeletons. */
export const codeSentences: readonly SentenceRule[] = [
  sentenceRule(
    [
      `{files} ${have} {header}`,
      `{files} ${start} {header}`,
      `(?:add|insert|prepend|put) {header} (?:to|into|in|on|onto|at the top of) {files}`,
      `(?:add|insert|prepend|put) {header}`,
      `{header} ${be} (?:present |added |put )?(?:in|on|to|at the top of) {files}`,
      `{header} ${be} (?:the first line|at the top|on top) of {files}`,
    ],
    header,
  ),
  sentenceRule(
    [
      `{names} ${be} (?:re-?)?exported (?:from|by|in|through|via) {index}`,
      `{names} ${be} (?:re-?)?exported from {from} (?:in|through|via|by) {index}`,
      `{names} ${be} (?:re-?)?exported`,
      `{names} can (?:now )?be imported from {index}`,
      `(?:re-?)?export {names} (?:from|in|through|via|by) {index}`,
      `(?:re-?)?export {names} (?:from|of) {from} (?:in|through|via|by) {index}`,
      `(?:re-?)?export {names} in {index} from {from}`,
      `add (?:an? |the )?(?:missing )?(?:re-?)?exports? (?:of|for) {names} (?:to|in) {index}`,
      `add (?:an? |the )?(?:missing )?(?:re-?)?exports? (?:of|for) {names} from {from} (?:to|in) {index}`,
      `add (?:the )?(?:missing )?{names} exports? (?:to|in) {index}`,
      `add {names} to the exports of {index}`,
      `{index} ${must}(?:re-?)?exports? {names}`,
      `{index} ${must}(?:re-?)?exports? {names} from {from}`,
    ],
    exported,
  ),
  sentenceRule(
    [
      `rename {old} (?:to|into|as) {new}(?: everywhere| throughout)?`,
      `rename {old} (?:to|into|as) {new} (?:in|across) {files}`,
      `rename {old} (?:to|into|as) {new},? (?:with|and|including|together with) (?:all )?(?:of )?(?:its |the )?${uses}`,
      `{old} ${be} renamed (?:to|into|as) {new}(?: everywhere| throughout)?`,
      `{old} ${be} renamed (?:to|into|as) {new} (?:in|across) {files}`,
      `{old} ${be} renamed (?:to|into|as) {new},? (?:with|and|including|together with) (?:all )?(?:of )?(?:its |the )?${uses}`,
      `change the name of {old} (?:to|into) {new}`,
      `(?:all|every|each)(?: of)?(?: the)? ${uses} of {old} ${be} renamed to {new}`,
    ],
    renamed,
  ),
  sentenceRule(
    [
      `{old} ${be} (?:called|named) {new}(?: everywhere| throughout| instead)?`,
      '(?:replace|change) the (?:name|identifier) {old} (?:with|by|to) {new}(?: everywhere)?',
    ],
    called,
  ),
  sentenceRule(
    [
      `{names} ${have} ${doc}`,
      `{names} ${have} ${doc}${saying}`,
      `{names} in {files} ${have} ${doc}`,
      `{names} in {files} ${have} ${doc}${saying}`,
      `${verb} ${doc} (?:to|for|on|above) {names}`,
      `${verb} ${doc} (?:to|for|on|above) {names}${saying}`,
      `${verb} ${doc} (?:to|for|on|above) {names} in {files}`,
      `${verb} ${doc} (?:to|for|on|above) {names} in {files}${saying}`,
      `document {names} (?:with|in|by) ${doc}`,
      `{names} ${be} documented`,
      `{names} in {files} ${be} documented`,
      `{names} ${be} documented (?:with|in|by) ${doc}`,
      `${doc} (?:of|on|for|above) {names} (?:says|reads) {text}`,
      `{names} in {files} ${be} documented (?:with|in|by) ${doc}`,
    ],
    commented,
  ),
  sentenceRule(
    [
      `${verb} ${testFile} (?:for|of|covering) {subject}`,
      `${verb} ${testFile} (?:for|of|covering) {subject} (?:in|at|to|as) {test}`,
      `${verb} ${testFile} (?:for|of|covering) {subject} from {source} (?:in|at|to|as) {test}`,
      `${verb} ${testFile} {test} (?:for|of|covering) {subject}`,
      `(?:there is|there exists) ${testFile} (?:for|of|covering) {subject}`,
      `(?:there is|there exists) ${testFile} (?:for|of|covering) {subject} (?:in|at) {test}`,
      `${testFile} (?:for|of|covering) {subject} (?:exists|is there|is present|is added)`,
      `${testFile} (?:for|of|covering) {subject} (?:exists|is there|is present|is added) (?:in|at) {test}`,
      `{subject} ${have} ${testFile}`,
      `{subject} ${have} ${testFile} (?:in|at) {test}`,
      `{subject} ${be} (?:tested|covered by ${testFile}) (?:in|at|by) {test}`,
      `{subject} ${be} covered by ${testFile}`,
      `{test} ${must}(?:tests|covers|holds ${testFile} (?:for|of)) {subject}`,
    ],
    tested,
  ),
  sentenceRule(
    [
      `(?:all|every|each)(?: one)?(?: of)?(?: (?:its|the|their|old))* ${uses}(?: of it| of the old name)? ${be} (?:renamed|updated|changed|adjusted|adapted)(?: (?:accordingly|too|as well|with it|to match|to the new name|everywhere))*`,
      `(?:update|rename|change|adjust)(?: (?:all|every|each))?(?: of)?(?: (?:its|the|their))* ${uses}(?: of it)?(?: and imports)?(?: (?:too|as well|accordingly))*`,
      `(?:all|every|each)(?: (?:its|the))? (?:uses?|callers?|imports?|files?|modules?) ${must}uses? the new name`,
      `(?:nothing|no file|no code) ${must}(?:refers to|uses|mentions|imports) the old name(?: any ?more)?`,
      `the old name ${must}(?:is gone|no longer (?:appears|exists|occurs)|is not used(?: any ?more| anywhere)?)(?: anywhere)?`,
    ],
    () => ({ kind: 'uses-renamed' }),
  ),
  sentenceRule(
    [
      `(?:all|every|each)(?: of)?(?: the)? ${uses} of {old} ${be} (?:updated|changed|adjusted)(?: to(?: use)?) {new}`,
      `(?:all|every|each)(?: (?:its|the|old))* ${uses} of {old} (?:now )?use {new}`,
    ],
    (caught) => {
      const rename = renamed(caught);
      return rename?.kind === 'rename'
        ? { kind: 'uses-renamed', from: rename.from, to: rename.to }
        : undefined;
    },
  ),
  sentenceRule(
    [
      `{name} ${must}(?:no longer|does not|doesn't|do not) (?:appears?|exists?|occurs?|remains?)(?: any ?more| anywhere)*`,
      `{name} ${must}(?:no longer|does not|doesn't) (?:appears?|exists?|occurs?|remains?)(?: any ?more| anywhere)* in {files}`,
      `{name} ${be} (?:gone|no longer used|not used)(?: any ?more| anywhere)*`,
      `{name} ${must}(?:appears|occurs|is used) nowhere`,
      `no (?:\\w+ )??${uses} (?:of|to) {name} (?:remains?|(?:is|are) left|exists?)`,
      `no (?:\\w+ )??${uses} (?:of|to) {name} (?:remains?|(?:is|are) left|exists?) in {files}`,
      `there (?:is|are) no (?:\\w+ )??${uses} (?:of|to) {name}(?: left| any ?more)*`,
      `(?:nothing|no file|no code) (?:refers to|uses|mentions|imports) {name}(?: any ?more)?`,
    ],
    gone,
  ),
];
