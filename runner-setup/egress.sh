#!/usr/bin/env bash
# SPDX-License-Identifier: GPL-3.0-only
# Loads the rules of night or day and pins the forge's addresses. Systemd's units call it; so can root.
set -euo pipefail
# Another program of the name nft, as npm packages bring one, loads nothing and says that all went well.
export PATH=/usr/sbin:/usr/bin:/sbin:/bin

home=$(cd "$(dirname "$(readlink -f "${BASH_SOURCE[0]}")")/.." && pwd -P)
conf=/etc/pantheon/egress.conf
state=/var/lib/pantheon/egress

usage() {
  cat <<'TEXT'
egress.sh night   by night: the runner's user reaches the proxy and nothing else
egress.sh day     by day: the runner's user also reaches public web servers
egress.sh pin     look up the forge's names, pin their addresses in rules and proxy
egress.sh off     take the rules away; the three users are no longer restricted
egress.sh show    which rules are loaded, and what was counted
Exit codes: 0 done, 1 a step failed and what is loaded permits no more than before, 2 the command or a file is not understood.
TEXT
}

fail() {
  echo "egress.sh: $1" >&2
  exit "${2:-1}"
}

# words KEY: what follows the key, for each line of egress.conf that begins with it.
words() {
  sed -n -E "s/[[:space:]]*(#.*)?$//; s/^[[:space:]]*$1[[:space:]]+//p" "$conf"
}

# elements SET ADDRESS...: a line of nft that adds them; none for no address.
elements() {
  local set=$1
  shift
  if (($# > 0)); then
    (IFS=,; echo "add element inet pantheon $set { $* }")
  fi
}

# by_family SET ADDRESS...: IPv4 goes into SET4, IPv6 into SET6.
by_family() {
  local set=$1 address four=() six=()
  shift
  for address in "$@"; do
    if [[ $address == *:* ]]; then six+=("$address"); else four+=("$address"); fi
  done
  elements "${set}4" "${four[@]}"
  elements "${set}6" "${six[@]}"
}

# replace RULES: those of night or day, and what standard input adds, in one transaction.
replace() {
  {
    printf 'table inet pantheon\ndelete table inet pantheon\ninclude "%s.nft"\n' "$1"
    cat
  } | nft -I "$home/runner-setup/egress" -f -
}

# additions: the addresses that go with the rules, for nft. Fails where one is not understood; nft itself would look
# it up as a name.
additions() {
  local resolvers address
  [[ -r $conf ]] || return 1
  mapfile -t resolvers < <(words resolver)
  for address in "${resolvers[@]}"; do [[ $address =~ ^[0-9a-f.:]+$ ]] || return 1; done
  by_family resolver "${resolvers[@]}"
  if [[ -e $state/pins.nft ]]; then cat "$state/pins.nft"; fi
}

# Where the addresses are not understood, the rules of the night are loaded without any: nobody reaches anything.
load() {
  local added
  if added=$(additions) && replace "$1" <<<"$added"; then
    echo "the rules of $1 are loaded"
    return
  fi
  replace night </dev/null || fail 'no rules were loaded; those of before still hold, if there were any'
  fail "$conf or $state/pins.nft is not understood: the rules of the night are loaded without addresses"
}

# put FILE: standard input, in one step, readable by all.
put() {
  cat >"$1.new"
  chmod 644 "$1.new"
  mv "$1.new" "$1"
}

pin() {
  local answer names addresses number=0 name before
  # The resolver sees the proxy's user, the only one that the rules let ask.
  answer=$(setpriv --reuid=pantheon-proxy --regid=pantheon-proxy --clear-groups --no-new-privs \
    --bounding-set=-all env -i "$home/node_modules/.bin/node" --disable-warning=ExperimentalWarning \
    "$home/runner-setup/pin.ts" "$conf") ||
    fail 'the addresses were not pinned; those of before still hold' $?
  if grep -qvE '^[0-9a-f.:]+ [a-z0-9.-]+$' <<<"$answer"; then fail 'pin.ts said what is not a pin'; fi
  mapfile -t addresses < <(cut -d' ' -f1 <<<"$answer" | sort -u)
  mapfile -t names < <(cut -d' ' -f2 <<<"$answer" | sort -u)
  install -d -m 755 "$state"
  before=$(cat "$state"/{hosts,names.conf,tunnels.conf} 2>/dev/null || true)
  by_family forge "${addresses[@]}" | put "$state/pins.nft"
  put "$state/hosts" <<<"$answer"
  {
    printf 'acl forge dstdomain -n %s\n' "${names[@]}"
    echo 'http_access allow forge'
  } | put "$state/names.conf"
  for name in "${names[@]}"; do
    number=$((number + 1))
    echo "acl to_$number dstdomain -n $name"
    echo "acl sni_$number ssl::server_name --client-requested $name"
    echo "ssl_bump splice at_hello to_$number sni_$number"
  done | put "$state/tunnels.conf"
  if nft list table inet pantheon >/dev/null 2>&1; then
    { echo 'flush set inet pantheon forge4'; echo 'flush set inet pantheon forge6'; cat "$state/pins.nft"; } | nft -f -
  fi
  # Not waited for: the proxy may be waiting for this.
  if [[ -d /run/systemd/system && $before != "$(cat "$state"/{hosts,names.conf,tunnels.conf})" ]]; then
    systemctl --no-block try-reload-or-restart pantheon-proxy.service
  fi
  echo "${#addresses[@]} addresses of ${#names[@]} names are pinned"
}

case ${1-} in
  night | day) (($# == 1)) || fail "$1 takes no argument" 2; load "$1" ;;
  pin) pin ;;
  off) nft -f - <<<$'table inet pantheon\ndelete table inet pantheon'; echo 'the rules are gone' ;;
  show) nft list table inet pantheon ;;
  -h | --help | help) usage ;;
  *) usage >&2; exit 2 ;;
esac
