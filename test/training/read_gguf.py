# SPDX-License-Identifier: GPL-3.0-only
"""Holds a GGUF LoRA to its PEFT adapter, by llama.cpp's own names and NumPy: read_gguf.py BASE ADAPTER GGUF.

Rows of q and k are moved as llama.cpp's conversion does it (LlamaModel.permute). Prints how many tensors are the same.
"""

import json
import pathlib
import sys

import gguf
import numpy
from safetensors.numpy import load_file

base, adapter, file = map(pathlib.Path, sys.argv[1:])
config = json.loads((base / "config.json").read_text("utf-8"))
said = json.loads((adapter / "adapter_config.json").read_text("utf-8"))
names = gguf.get_tensor_name_map(gguf.MODEL_ARCH.LLAMA, config["num_hidden_layers"])


def permute(rows, heads):
    shape = (heads, 2, rows.shape[0] // heads // 2, *rows.shape[1:])
    return rows.reshape(shape).swapaxes(1, 2).reshape(rows.shape)


expected = {}
for name, numbers in load_file(adapter / "adapter_model.safetensors").items():
    layer, factor = name.removeprefix("base_model.model.").removesuffix(".weight").rsplit(".lora_", 1)
    if factor == "B" and layer.endswith("q_proj"):
        numbers = permute(numbers, config["num_attention_heads"])
    if factor == "B" and layer.endswith("k_proj"):
        numbers = permute(numbers, config["num_key_value_heads"])
    expected[f"{names.get_name(layer)}.weight.lora_{factor.lower()}"] = numbers.astype(numpy.float16)

reader = gguf.GGUFReader(file)
fields = {key: field.contents() for key, field in reader.fields.items()}
assert fields["general.type"] == "adapter" and fields["adapter.type"] == "lora", fields
assert fields["general.architecture"] == "llama", fields
assert fields["adapter.lora.alpha"] == said["lora_alpha"], fields
tensors = {tensor.name: tensor for tensor in reader.tensors}
assert tensors.keys() == expected.keys(), tensors.keys() ^ expected.keys()
for name, numbers in expected.items():
    tensor = tensors[name]
    assert tensor.tensor_type == gguf.GGMLQuantizationType.F16, name
    assert tensor.data.shape == numbers.shape, name
    assert (tensor.data.view(numpy.uint16) == numbers.view(numpy.uint16)).all(), name
print(len(tensors))
