#!/usr/bin/env bash
# SPDX-License-Identifier: GPL-3.0-only
# Asks the forge for a runner that takes one job (JIT), through the proxy, and leaves its registration where
# systemd reads it. Started by pantheon-jit@N.service with the variables of /etc/pantheon/runner.conf.
set -euo pipefail

number=${1:?"jit.sh: which runner? systemd starts it as pantheon-jit@1.service"}
: "${SCOPE:?"jit.sh: SCOPE is not set in /etc/pantheon/runner.conf; write repos/OWNER/NAME or orgs/NAME"}"
api=${API:-https://api.github.com}
registration=/run/pantheon-jit/$number
# One job each: an old registration must not be taken for a new one.
rm -f "$registration"
token=$CREDENTIALS_DIRECTORY/github-token
home=$(cd "$(dirname "$(readlink -f "${BASH_SOURCE[0]}")")/.." && pwd -P)

# shellcheck disable=SC2016  # JavaScript's, not the shell's
request='const [host, number, labels] = process.argv.slice(1);
  console.log(JSON.stringify({ name: `${host}-${number}-${Date.now()}`, runner_group_id: 1,
    labels: ["self-hosted", "linux", ...labels.split(",")], work_folder: "_work" }))'
# shellcheck disable=SC2016
answer='const { encoded_jit_config: config } = JSON.parse(require("node:fs").readFileSync(0, "utf8"));
  if (!/^[A-Za-z0-9+/=]+$/.test(config)) throw new Error("the forge sent no registration");
  console.log(`ACTIONS_RUNNER_INPUT_JITCONFIG=${config}`)'
node=$home/node_modules/.bin/node

# The token is in no argument: curl reads the header from a descriptor.
"$node" -e "$request" "$(uname -n)" "$number" "${LABELS:-pantheon}" |
  curl --silent --show-error --fail-with-body --max-time 30 --proxy http://127.0.0.1:3128 \
    --header @<(printf 'Authorization: Bearer %s' "$(<"$token")") \
    --header 'Accept: application/vnd.github+json' --data @- \
    "$api/$SCOPE/actions/runners/generate-jitconfig" |
  "$node" -e "$answer" >"$registration.new"
mv "$registration.new" "$registration"
