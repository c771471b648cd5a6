# SPDX-License-Identifier: GPL-3.0-only
"""Prints how far an adapter moves a base's logits on a text, at most: load_adapter.py BASE ADAPTER TEXT."""

import sys

import torch
from peft import PeftModel
from transformers import AutoModelForCausalLM, AutoTokenizer

base, adapter, text = sys.argv[1:]
tokens = AutoTokenizer.from_pretrained(base)(text, return_tensors="pt")
plain = AutoModelForCausalLM.from_pretrained(base, dtype=torch.float32)
with torch.no_grad():
    before = plain(**tokens).logits
    after = PeftModel.from_pretrained(plain, adapter)(**tokens).logits
print((after - before).abs().max().item())
