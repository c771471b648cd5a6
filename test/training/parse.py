# SPDX-License-Identifier: GPL-3.0-only
"""Reads a configuration as `trl sft` does, on a machine without a GPU: parse.py CONFIG."""

import json
import sys

from trl.scripts.sft import make_parser

on_cpu = ["--use_cpu", "true", "--bf16", "false"]
_, training, model, _ = make_parser().parse_args_and_config(["--config", sys.argv[1], *on_cpu])
names = {
    "training": (training, ("max_length", "learning_rate", "train_sampling_strategy", "completion_only_loss")),
    "model": (model, ("load_in_4bit", "bnb_4bit_quant_type", "use_bnb_nested_quant", "lora_r", "use_peft")),
}
print(json.dumps({name: getattr(of, name) for of, keys in names.values() for name in keys}))
