# SPDX-License-Identifier: GPL-3.0-only
"""Prints every row of a dataset's folder as datasets loads it: load.py FOLDER CACHE."""

import json
import sys

import datasets

datasets.disable_progress_bars()
folder, cache = sys.argv[1:]
rows = {}
for config in datasets.get_dataset_config_names(folder):
    for split, table in datasets.load_dataset(folder, config, cache_dir=cache).items():
        rows[f"{config}.{split}"] = list(table)
# As a trainer's configuration names them: without the card.
for config in sorted({name.split(".")[0] for name in rows if name.endswith(".train")}):
    table = datasets.load_dataset(
        "json", data_files=f"{folder}/{config}.train.jsonl", split="train", cache_dir=cache
    )
    rows[f"{config}.alone"] = list(table)
print(json.dumps(rows))
