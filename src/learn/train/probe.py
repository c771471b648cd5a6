# SPDX-License-Identifier: GPL-3.0-only
"""Prints what a Python has for training as one JSON object: versions by package, and its GPU."""

import importlib.metadata
import json

PACKAGES = ("trl", "transformers", "peft", "torch", "datasets", "accelerate", "bitsandbytes", "axolotl")

versions = {}
for name in PACKAGES:
    try:
        versions[name] = importlib.metadata.version(name)
    except importlib.metadata.PackageNotFoundError:
        pass
found = {"versions": versions}
if "torch" in versions:
    import torch

    if torch.cuda.is_available():
        free, total = torch.cuda.mem_get_info()
        found["gpu"] = {"name": torch.cuda.get_device_name(), "free": free, "total": total}
print(json.dumps(found))
