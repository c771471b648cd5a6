# SPDX-License-Identifier: GPL-3.0-only
"""Reads configurations as axolotl does, on a machine without a GPU, and says what is learned of each row.

read_axolotl.py FILE...: for each one prints a line of JSON with the keys that axolotl does not know, some that
it read, and the text that is learned of each row, by axolotl's own strategy and the base's tokenizer.
"""

import json
import sys

import yaml
from axolotl.prompt_strategies.chat_template import load
from axolotl.utils.dict import DictDefault
from axolotl.utils.schemas.config import AxolotlConfigWCapabilities, AxolotlInputConfig
from transformers import AutoTokenizer

gpu = {"bf16": True, "fp8": False, "tf32": True, "n_gpu": 1, "n_node": 1, "compute_capability": "sm_89"}
KEYS = ("adapter", "load_in_4bit", "sequence_len", "excess_length_strategy", "curriculum_sampling", "learning_rate")

for name in sys.argv[1:]:
    with open(name) as file:
        written = yaml.safe_load(file)
    config = AxolotlConfigWCapabilities(**written, capabilities=gpu, env_capabilities={"torch_version": "2.13.0"})
    read = config.model_dump(exclude_none=True)
    tokenizer = AutoTokenizer.from_pretrained(written["base_model"])
    strategy = load(tokenizer, DictDefault(read), ds_cfg=DictDefault(read["datasets"][0]))
    texts = []
    with open(written["datasets"][0]["path"]) as file:
        for line in file:
            row = strategy.tokenize_prompt(json.loads(line))
            texts.append(tokenizer.decode([label for label in row["labels"] if label != -100]))
    unknown = [key for key in written if key not in AxolotlInputConfig.model_fields]
    print(json.dumps({"unknown": unknown, **{key: read.get(key) for key in KEYS}, "texts": texts}))
