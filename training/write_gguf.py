# SPDX-License-Identifier: GPL-3.0-only
"""Writes a folder of train_specialist.py as one GGUF for llama.cpp: write_gguf.py FOLDER FILE [--type f16|q8_0]"""

import argparse
import json
import re
from pathlib import Path

import gguf
import numpy
from safetensors.numpy import load_file

PARTS = {
    "self_attn.q_proj": "attn_q",
    "self_attn.k_proj": "attn_k",
    "self_attn.v_proj": "attn_v",
    "self_attn.o_proj": "attn_output",
    "mlp.gate_proj": "ffn_gate",
    "mlp.up_proj": "ffn_up",
    "mlp.down_proj": "ffn_down",
    "input_layernorm": "attn_norm",
    "post_attention_layernorm": "ffn_norm",
}


def gguf_name(name: str) -> str:
    layer = re.fullmatch(r"model\.layers\.(\d+)\.(.+)\.weight", name)
    if layer:
        return f"blk.{layer[1]}.{PARTS[layer[2]]}.weight"
    return {"model.embed_tokens.weight": "token_embd.weight", "model.norm.weight": "output_norm.weight"}[name]


def turned(weights: numpy.ndarray, heads: int) -> numpy.ndarray:
    """Rows of a query or key as llama.cpp wants them: its rotary positions turn neighbours, those of Hugging Face halves."""
    rows, columns = weights.shape
    return weights.reshape(heads, 2, rows // heads // 2, columns).swapaxes(1, 2).reshape(rows, columns)


def add_words(writer: gguf.GGUFWriter, folder: Path, config: dict) -> None:
    model = json.loads((folder / "tokenizer.json").read_text(encoding="utf-8"))
    special = {token["id"] for token in model["added_tokens"]}
    vocabulary = sorted(model["model"]["vocab"].items(), key=lambda entry: entry[1])
    if [place for _, place in vocabulary] != list(range(config["vocab_size"])):
        raise SystemExit("the words are not as many as the model has rows for")
    merges = [merge if isinstance(merge, str) else " ".join(merge) for merge in model["model"]["merges"]]
    writer.add_tokenizer_model("gpt2")
    writer.add_tokenizer_pre("gpt-2")
    writer.add_token_list([token for token, _ in vocabulary])
    writer.add_token_types([3 if place in special else 1 for _, place in vocabulary])
    writer.add_token_merges(merges)
    writer.add_bos_token_id(config["bos_token_id"])
    writer.add_eos_token_id(config["eos_token_id"])
    writer.add_eot_token_id(config["eos_token_id"])
    writer.add_pad_token_id(config["pad_token_id"])
    writer.add_add_bos_token(False)
    writer.add_add_eos_token(False)
    writer.add_chat_template((folder / "chat_template.jinja").read_text(encoding="utf-8"))


def main() -> None:
    parser = argparse.ArgumentParser()
    parser.add_argument("folder", type=Path)
    parser.add_argument("file", type=Path)
    parser.add_argument("--type", choices=["f16", "q8_0"], default="q8_0")
    parser.add_argument("--name", default="pantheon-picker")
    args = parser.parse_args()
    config = json.loads((args.folder / "config.json").read_text())
    kind = {"f16": gguf.GGMLQuantizationType.F16, "q8_0": gguf.GGMLQuantizationType.Q8_0}[args.type]
    writer = gguf.GGUFWriter(args.file, "llama")
    writer.add_name(args.name)
    writer.add_license("GPL-3.0-only")
    writer.add_file_type({"f16": gguf.LlamaFileType.MOSTLY_F16, "q8_0": gguf.LlamaFileType.MOSTLY_Q8_0}[args.type])
    writer.add_quantization_version(2)
    writer.add_vocab_size(config["vocab_size"])
    writer.add_context_length(config["max_position_embeddings"])
    writer.add_embedding_length(config["hidden_size"])
    writer.add_block_count(config["num_hidden_layers"])
    writer.add_feed_forward_length(config["intermediate_size"])
    writer.add_head_count(config["num_attention_heads"])
    writer.add_head_count_kv(config["num_key_value_heads"])
    writer.add_key_length(config["head_dim"])
    writer.add_value_length(config["head_dim"])
    writer.add_rope_dimension_count(config["head_dim"])
    writer.add_rope_freq_base((config.get("rope_parameters") or config)["rope_theta"])
    writer.add_layer_norm_rms_eps(config["rms_norm_eps"])
    add_words(writer, args.folder, config)
    for name, weights in load_file(args.folder / "model.safetensors").items():
        if name == "lm_head.weight":
            continue
        weights = weights.astype(numpy.float32)
        if weights.ndim == 1:
            writer.add_tensor(gguf_name(name), weights)
            continue
        heads = {"q": "num_attention_heads", "k": "num_key_value_heads"}
        rotary = re.search(r"\.([qk])_proj\.", name)
        weights = turned(weights, config[heads[rotary[1]]]) if rotary else weights
        writer.add_tensor(gguf_name(name), gguf.quants.quantize(numpy.ascontiguousarray(weights), kind), raw_dtype=kind)
    writer.write_header_to_file()
    writer.write_kv_data_to_file()
    writer.write_tensors_to_file()
    writer.close()


if __name__ == "__main__":
    main()
