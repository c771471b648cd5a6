# SPDX-License-Identifier: GPL-3.0-only
"""Counts what TRL would learn of each row: count_labels.py CONFIG

CONFIG is what `trl sft --config` is given. The rows are read, rendered, tokenized and masked by TRL itself,
on a placeholder of a model, since only the tokenizer matters here. Prints one JSON object: "rows" has
[tokens, labels] of each row, before TRL cuts it at max_length.
"""

import json
import sys


def count(arguments: list[str]) -> list[tuple[list[int], list[int]]]:
    """Token ids and labels of each row; a label of -100 is not learned."""
    import datasets
    from transformers import AutoTokenizer, LlamaConfig, LlamaForCausalLM
    from trl import SFTTrainer, get_dataset
    from trl.scripts.sft import make_parser

    datasets.disable_progress_bars()
    on_cpu = ["--use_cpu", "true", "--bf16", "false"]
    script, training, model, mixture = make_parser().parse_args_and_config([*arguments, *on_cpu])
    training.max_length = None
    training.eval_strategy = "no"
    tokenizer = AutoTokenizer.from_pretrained(model.model_name_or_path)
    shape = dict(hidden_size=8, intermediate_size=8, num_hidden_layers=1, num_attention_heads=1)
    placeholder = LlamaForCausalLM(LlamaConfig(vocab_size=len(tokenizer), **shape))
    trainer = SFTTrainer(
        model=placeholder,
        args=training,
        train_dataset=(get_dataset(mixture) if mixture.datasets else datasets.load_dataset(script.dataset_name))["train"],
        processing_class=tokenizer,
    )
    prepared = trainer.train_dataset
    return list(zip(prepared["input_ids"], prepared["labels"], strict=True))


if __name__ == "__main__":
    rows = count(["--config", sys.argv[1]])
    print(json.dumps({"rows": [[len(ids), sum(label != -100 for label in labels)] for ids, labels in rows]}))
