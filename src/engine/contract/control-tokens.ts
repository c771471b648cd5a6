// SPDX-License-Identifier: GPL-3.0-only

/*
 * Servers such as vLLM and Ollama render a chat template and read tokens out of the whole text, so
 * that a document which holds `<|im_end|>` would end its own turn and begin another one. What begins
 * such a token in the families of models that are served locally is listed here, no more: ordinary
 * HTML, generics and lists stay as they are, because each escape costs tokens.
 */

/** Names of tokens in angle brackets, in the case that vocabularies write them in. */
const named = [
  // SentencePiece and its heirs: Llama 2, Mistral, Gemma, InternLM, GLM, Command R, Ling.
  's|bos|eos|pad|unk|mask|sep|cls|eot|eod|eoh|eoa|eop|eom|sop|role|BOS|EOS|PAD|UNK|SEP|CLS|EOT|EOD|EOP',
  '[A-Z]{2,20}_TOKEN',
  // Gemma's turns, images and the like.
  '(?:start|end|begin)_of_[a-z_]{1,20}',
  'im_(?:start|end|middle|sep)|endoftext|file_sep|repo_name|fim_[a-z]{1,20}',
  // Numbered ones, some of which Nemotron and Baichuan take for roles.
  '(?:extra_id|reserved|SPECIAL|unused)_?\\d{1,5}',
  // A bar at the end alone, as Gemma 4 closes: <turn|>.
  '[\\w.-]{1,30}[|｜]',
].join('|');

/** Tags of tool calls and thoughts, which models follow in any case and with attributes. */
const tags = 'tool_calls?|tool_responses?|tool_results?|tools|think(?:ing)?|function_calls?';

/** Tokens in square brackets: Mistral, GLM and BERT's heirs. */
const bracketed =
  'INST|SYSTEM_PROMPT|AVAILABLE_TOOLS|TOOL_CALLS|TOOL_RESULTS|TOOL_CONTENT|MODEL_SETTINGS|ARGS|CALL_ID|THINK|[gs]?MASK|BOS|EOS|PAD|UNK|SEP|CLS|EOT';

/** The first character of a control token. */
const controls = new RegExp(
  [
    '<(?=[|｜])',
    `<(?=/?(?:${named})>)`,
    `<(?=/?\\s*(?i:${tags})\\b)`,
    '<(?=/?(?:function|parameter)=|seed:[a-z]|<?/?SYS>)',
    `\\[(?=/?(?:${bracketed})\\])`,
    // EXAONE's turns are [|user|], MiniMax's are ]~b]user and [e~[.
    '\\[(?=\\|[a-z]|e~\\[)',
    '\\](?=~!?b[\\][]|<\\][a-z])',
  ].join('|'),
  'g',
);

/**
 * Text in which nothing begins a control token or a tag of a model's: `<`, `[` or `]` before one
 * becomes `\u003c` and so on. In JSON that is the same value, for these tokens stand within strings
 * only. Linear in the text.
 */
export const escapeControls = (text: string): string =>
  text.replace(controls, (first) => `\\u00${first.charCodeAt(0).toString(16)}`);
