# SPDX-License-Identifier: GPL-3.0-only
"""Counts and decodes what is learned, for many configurations in one process: count.py SOURCE < CONFIGS

CONFIGS is a JSON object of files by name, SOURCE the folder of count_labels.py. Prints a JSON object by the
same names: the rows, each with tokens, labels and the text of the labels, or the error.
"""

import json
import sys

sys.path.insert(0, sys.argv[1])

from count_labels import count  # noqa: E402
from transformers import AutoTokenizer  # noqa: E402

counted = {}
for name, (config, base) in json.load(sys.stdin).items():
    tokenizer = AutoTokenizer.from_pretrained(base)
    try:
        rows = count(["--config", config])
    except Exception as error:
        counted[name] = {"error": f"{type(error).__name__}: {error}"}
        continue
    counted[name] = {
        "rows": [
            {
                "tokens": len(ids),
                "labels": sum(label != -100 for label in labels),
                "text": tokenizer.decode([label for label in labels if label != -100]),
            }
            for ids, labels in rows
        ]
    }
print(json.dumps(counted))
