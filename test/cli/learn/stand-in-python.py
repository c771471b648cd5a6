#!/usr/bin/env python3
# SPDX-License-Identifier: GPL-3.0-only
"""Stands in for a Python with TRL where a test is about how it fails: PANTHEON_TEST_TRAINER says how."""

import json
import os
import pathlib
import struct
import sys

mode = os.environ.get("PANTHEON_TEST_TRAINER", "")
first, *rest = sys.argv[1:]


def settings(path):
    lines = pathlib.Path(path).read_text().splitlines()
    return dict(line.split(": ", 1) for line in lines if ": " in line)


if first.endswith("probe.py"):
    names = ["trl", "transformers", "torch"] + ([] if mode == "bare" else ["peft"])
    print(json.dumps({"versions": dict.fromkeys(names, "1.0")}))
elif first.endswith("count_labels.py"):
    rows = pathlib.Path(settings(rest[0])["dataset_name"], "train.jsonl").read_text().splitlines()
    counts = [[40, 9] for _ in rows]
    if mode == "masked":
        counts[6] = [40, 0]
    if mode == "long":
        counts[6] = [4000, 9]
    print(json.dumps({"rows": counts}))
else:
    config = settings(rest[rest.index("--config") + 1])
    out = pathlib.Path(config["output_dir"])
    (out / "checkpoint-4").mkdir(parents=True, exist_ok=True)
    history = {"log_history": [{"loss": 9.5, "epoch": 0.2, "num_tokens": 7}]}
    (out / "checkpoint-4" / "trainer_state.json").write_text(json.dumps(history))
    if "--resume_from_checkpoint" in rest:
        print("from", rest[rest.index("--resume_from_checkpoint") + 1])
    epochs = int(config["num_train_epochs"])
    for step in range(1, 11):
        loss = "nan" if mode == "nan" and step == 10 else 5 - step / 4
        print({"loss": str(loss), "num_tokens": str(step * 100), "epoch": str(epochs * step / 10)})
        if step == 9 and mode == "dies":
            raise RuntimeError("the device was lost")
        if step == 9 and mode == "disk":
            with open("/dev/full", "w", encoding="utf-8") as full:
                full.write("weights")
    said = {
        "base_model_name_or_path": "/other/base" if mode == "base" else config["model_name_or_path"],
        "r": 4 if mode == "rank" else int(config["lora_r"]),
        "peft_type": "LORA",
        "lora_alpha": 16,
    }
    (out / "adapter_config.json").write_text(json.dumps(said))
    rank = int(config["lora_r"])
    layer = "base_model.model.model.layers.0.mlp.up_proj.lora_"
    factors = {"A": [rank, 8], "B": [16, rank]}
    head, at = {}, 0
    for factor, shape in factors.items():
        end = at + 4 * shape[0] * shape[1]
        head[f"{layer}{factor}.weight"] = {"dtype": "F32", "shape": shape, "data_offsets": [at, end]}
        at = end
    head = json.dumps(head).encode()
    weights = struct.pack("<Q", len(head)) + head + bytes(at)
    (out / "adapter_model.safetensors").write_bytes(weights[:-1] if mode == "cut" else weights)
