# SPDX-License-Identifier: GPL-3.0-only
"""The shape, the words and the rows of the specialist that picks."""

import json
import random
from dataclasses import dataclass
from pathlib import Path

from tokenizers import Tokenizer, decoders, models, pre_tokenizers, trainers
from transformers import LlamaConfig, LlamaForCausalLM, PreTrainedTokenizerFast

SPECIAL = ["<|endoftext|>", "<|im_start|>", "<|im_end|>"]
TEMPLATE = (
    "{% for message in messages %}{{ '<|im_start|>' + message['role'] + '\\n' + message['content'] + '<|im_end|>' + '\\n' }}"
    "{% endfor %}{% if add_generation_prompt %}{{ '<|im_start|>assistant\\n' }}{% endif %}"
)


@dataclass(frozen=True)
class Shape:
    vocabulary: int = 8192
    hidden: int = 192
    inner: int = 576
    layers: int = 3
    heads: int = 6
    context: int = 2048


def make_model(shape: Shape) -> LlamaForCausalLM:
    return LlamaForCausalLM(
        LlamaConfig(
            vocab_size=shape.vocabulary,
            hidden_size=shape.hidden,
            intermediate_size=shape.inner,
            num_hidden_layers=shape.layers,
            num_attention_heads=shape.heads,
            num_key_value_heads=shape.heads,
            head_dim=shape.hidden // shape.heads,
            max_position_embeddings=shape.context,
            rms_norm_eps=1e-5,
            tie_word_embeddings=True,
            bos_token_id=0,
            eos_token_id=2,
            pad_token_id=0,
        )
    )


def make_tokenizer(texts: list[str], size: int) -> PreTrainedTokenizerFast:
    """Byte-level BPE as GPT-2 splits words, so that every text can be written and llama.cpp reads it."""
    tokenizer = Tokenizer(models.BPE())
    tokenizer.pre_tokenizer = pre_tokenizers.ByteLevel(add_prefix_space=False)
    tokenizer.decoder = decoders.ByteLevel()
    trainer = trainers.BpeTrainer(
        vocab_size=size,
        special_tokens=SPECIAL,
        initial_alphabet=sorted(pre_tokenizers.ByteLevel.alphabet()),
        show_progress=False,
    )
    tokenizer.train_from_iterator(texts, trainer)
    fast = PreTrainedTokenizerFast(
        tokenizer_object=tokenizer, bos_token=SPECIAL[0], eos_token=SPECIAL[2], pad_token=SPECIAL[0]
    )
    fast.chat_template = TEMPLATE
    return fast


@dataclass(frozen=True)
class Row:
    system: str
    question: list[int]
    answer: list[int]
    lines: list[int]


def read_texts(path: Path) -> list[dict]:
    with path.open(encoding="utf-8") as lines:
        return [json.loads(line) for line in lines if line.strip()]


def read_rows(path: Path, tokenizer: PreTrainedTokenizerFast) -> list[Row]:
    """Rows of a system message, a question and an answer; others have no place here."""
    rows = []
    for row in read_texts(path):
        [system, user], [answer] = row["prompt"], row["completion"]
        ids = tokenizer.encode(f"<|im_start|>user\n{user['content']}<|im_end|>\n<|im_start|>assistant\n")
        rows.append(Row(system["content"], ids, tokenizer.encode(f"{answer['content']}<|im_end|>"), row.get("lines", [])))
    return rows


def system_ids(tokenizer: PreTrainedTokenizerFast, system: str) -> list[int]:
    return tokenizer.encode(f"<|im_start|>system\n{system}<|im_end|>\n")


def batches(rows: list[Row], size: int, seed: int):
    """Endless batches of rows of like length, each pass in another order."""
    draw = random.Random(seed)
    while True:
        order = draw.sample(rows, len(rows))
        for start in range(0, len(order), size * 20):
            near = sorted(order[start : start + size * 20], key=lambda row: len(row.question))
            groups = [near[at : at + size] for at in range(0, len(near), size)]
            draw.shuffle(groups)
            yield from groups
