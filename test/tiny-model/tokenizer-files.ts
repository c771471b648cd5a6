// SPDX-License-Identifier: GPL-3.0-only
import type { Vocabulary } from './vocabulary.ts';

/** ChatML, as a Jinja template. */
export const chatTemplate =
  "{% for message in messages %}{{ '<|im_start|>' + message['role'] + '\\n' + message['content'] + '<|im_end|>' + '\\n' }}{% endfor %}{% if add_generation_prompt %}{{ '<|im_start|>assistant\\n' }}{% endif %}";

/** `tokenizer.json` of the Hugging Face tokenizers library. */
export const tokenizerJson = (vocabulary: Vocabulary): object => {
  const specials = [vocabulary.endOfText, vocabulary.turnStart, vocabulary.turnEnd];
  const words = vocabulary.tokens.slice(0, vocabulary.endOfText);
  const byteLevel = { type: 'ByteLevel', add_prefix_space: false, trim_offsets: false };
  return {
    version: '1.0',
    truncation: null,
    padding: null,
    added_tokens: specials.map((id) => ({
      id,
      content: vocabulary.tokens[id],
      single_word: false,
      lstrip: false,
      rstrip: false,
      normalized: false,
      special: true,
    })),
    normalizer: null,
    pre_tokenizer: { ...byteLevel, use_regex: true },
    post_processor: null,
    decoder: { ...byteLevel, use_regex: true },
    model: {
      type: 'BPE',
      dropout: null,
      unk_token: null,
      continuing_subword_prefix: null,
      end_of_word_suffix: null,
      fuse_unk: false,
      byte_fallback: false,
      ignore_merges: false,
      vocab: Object.fromEntries(words.map((word, id) => [word, id])),
      merges: vocabulary.merges.map((merge) => merge.split(' ')),
    },
  };
};

/** `tokenizer_config.json` of the transformers library. */
export const tokenizerConfig = (vocabulary: Vocabulary, context: number): object => ({
  tokenizer_class: 'PreTrainedTokenizerFast',
  model_max_length: context,
  bos_token: null,
  eos_token: vocabulary.tokens[vocabulary.turnEnd],
  pad_token: vocabulary.tokens[vocabulary.endOfText],
  unk_token: null,
  add_bos_token: false,
  add_eos_token: false,
  clean_up_tokenization_spaces: false,
  chat_template: chatTemplate,
});
