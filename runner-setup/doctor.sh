#!/usr/bin/env bash
# SPDX-License-Identifier: GPL-3.0-only
# Says whether this machine is as install.sh left it. Reads only; sends nothing.
set -uo pipefail
export PATH=/usr/sbin:/usr/bin:/sbin:/bin

home=$(cd "$(dirname "$(readlink -f "${BASH_SOURCE[0]}")")/.." && pwd -P)
users=(pantheon-runner pantheon-engine pantheon-proxy)

usage() {
  cat <<'TEXT'
Usage: doctor.sh [--root DIR] [--help]

Looks at users, rules and their counters, proxy, units and files, and prints a line for each: "ok", "FAULT" with
what to do, or "-" for what is not protected or cannot be seen. Changes and sends nothing. Rules need root.

  --root DIR   look at a staged root: files alone, nothing that runs

Exit codes: 0 all is as it should be, 1 at least one fault, 2 the options are not understood,
3 no fault was seen, but not everything could be looked at.
TEXT
}

root=''
while (($# > 0)); do
  case $1 in
    --root) root=${2:?"doctor.sh: --root wants a folder"}; shift ;;
    -h | --help) usage; exit 0 ;;
    *) usage >&2; echo "doctor.sh: \"$1\" is not an option" >&2; exit 2 ;;
  esac
  shift
done
root=${root%/}
if [[ -n $root && ! -d $root/etc ]]; then echo "doctor.sh: $root/etc is not a folder" >&2; exit 2; fi

faults=0 unseen=0
ok() { printf 'ok     %s\n' "$1"; }
fault() { printf 'FAULT  %s; %s\n' "$1" "$2"; faults=$((faults + 1)); }
unseen() { printf -- '-      not looked at: %s\n' "$1"; unseen=$((unseen + 1)); }
note() { printf -- '-      %s\n' "$1"; }
live() { [[ -z $root ]]; }

look_at_users() {
  local user line
  for user in "${users[@]}"; do
    line=$(grep "^$user:" "$root/etc/passwd")
    if [[ -z $line ]]; then
      fault "user $user is missing" 'run install.sh'
    elif [[ $line != *:/usr/sbin/nologin || $line == "$user:x:0:"* ]]; then
      fault "user $user can log in, or is root" "usermod --shell /usr/sbin/nologin $user"
    elif grep -qs "^$user:" "$root/etc/subuid" "$root/etc/subgid"; then
      fault "user $user has subordinate ids, which no rule names" 'take its lines out of /etc/subuid and /etc/subgid'
    else
      ok "user $user: nobody logs in as it, no subordinate ids"
    fi
  done
  line=$(grep -E '^(sudo|wheel|adm|docker|lxd|disk|shadow|systemd-journal|netdev):' "$root/etc/group" | grep -E "pantheon-(runner|engine|proxy)")
  if [[ -n $line ]]; then
    fault "one of the users is in a group with rights: ${line%%:*}" "gpasswd --delete USER ${line%%:*}"
  fi
}

# owned FILE: root's, and nobody else writes it.
owned() {
  local file=$root$1 at=$1
  if [[ ! -e $file ]]; then
    fault "$1 is missing" 'run install.sh'
    return
  fi
  while [[ $at != / ]]; do
    if [[ $(stat -Lc %u "$root$at") != 0 ]] || (($(stat -Lc '0%a' "$root$at") & 022)); then
      fault "$at can be changed by others than root" "chown root:root $at; chmod go-w $at"
      return
    fi
    at=$(dirname "$at")
  done
  ok "$1 is root's"
}

look_at_files() {
  local file
  owned /etc/pantheon/egress.conf
  owned /etc/pantheon/proxy/squid.conf
  for file in "$home"/runner-setup/systemd/*; do
    if ! cmp -s "$file" "$root/etc/systemd/system/${file##*/}"; then
      fault "/etc/systemd/system/${file##*/} is missing, or not as this release has it" 'run install.sh'
    fi
  done
  for file in "$root"/etc/systemd/system/pantheon-*.d "$root"/run/systemd/system/pantheon-*.d; do
    if [[ -d $file ]]; then note "${file#"$root"} changes a unit; look whether it weakens it"; fi
  done
  if ! cmp -s "$home/runner-setup/proxy/squid.conf" "$root/etc/pantheon/proxy/squid.conf"; then
    fault '/etc/pantheon/proxy/squid.conf is not as this release has it' 'run install.sh'
  fi
  if [[ -e $root/opt/pantheon ]]; then
    owned /opt/pantheon
    file=$(find -L "$root/opt/pantheon" -xdev \( ! -uid 0 -o -perm /022 ! -type l \) -print -quit 2>/dev/null)
    if [[ -n $file ]]; then fault "$file can be changed by others than root" 'run install.sh again'; fi
  else
    fault '/opt/pantheon is missing' 'run install.sh'
  fi
  if [[ -e $root/etc/pantheon/github-token && $(stat -c %a%u "$root/etc/pantheon/github-token") != 6000 ]]; then
    fault '/etc/pantheon/github-token can be read by others than root' 'chown root: and chmod 600 it'
  fi
}

# ends_with CHAIN TEXT: the chain's last rule is this one.
ends_with() {
  if [[ $(sed -n "/chain $1 {/,/^\t}/p" <<<"$table" | tail -n 2 | head -n 1) == *"$2"* ]]; then
    ok "rules: what is not allowed to $1 is counted and dropped"
  else
    fault "rules: the chain $1 does not end in \"$2\"" 'systemctl restart pantheon-egress-night'
  fi
}

look_at_rules() {
  local table name user uid
  if ! live; then unseen 'the rules that are loaded'; return; fi
  if ! table=$(nft list table inet pantheon 2>&1); then
    if [[ $(id -u) != 0 ]]; then unseen 'the rules that are loaded; run this as root'; return; fi
    fault 'no rules are loaded: the three users reach everything' 'systemctl start pantheon-egress-night'
    return
  fi
  ok "rules: those of the $(sed -n 's/^\tcomment "\(.*\)"$/\1/p' <<<"$table") are loaded"
  if grep -q 'type filter hook output' <<<"$table"; then ok 'rules: they see every packet that is sent, of IPv4 and IPv6'
  else fault 'rules: they are not where packets are sent' 'systemctl restart pantheon-egress-night'; fi
  for user in "${users[@]}"; do
    uid=$(id -u "$user" 2>/dev/null)
    if ! grep -qE "meta skuid (\"$user\"|${uid:-none}) goto ${user#pantheon-}" <<<"$table"; then
      fault "rules: none is for $user" 'systemctl restart pantheon-egress-night'
    fi
    ends_with "${user#pantheon-}" "counter name \"${user#pantheon-}_dropped\" drop"
  done
  if [[ $(grep -cE $'^\t\tct mark 0x70616e0[123] goto' <<<"$table") != 3 ]]; then
    fault 'rules: connections of closed sockets are not seen' 'systemctl restart pantheon-egress-night'
  fi
  for name in forge resolver; do
    # A forge whose addresses are written down needs no resolver.
    if [[ $name == resolver ]] && ! grep -E '^[[:space:]]*host' /etc/pantheon/egress.conf | grep -qvE 'host +[^ ]+ +[0-9a-f.:]+( |$)'; then
      continue
    fi
    if grep -A 4 "set ${name}4 {" <<<"$table" | grep -q elements || grep -A 4 "set ${name}6 {" <<<"$table" | grep -q elements; then
      ok "rules: addresses of the $name are there"
    else
      fault "rules: no address of the $name is there" 'look at /etc/pantheon/egress.conf, then: systemctl start pantheon-egress-pin'
    fi
  done
  while read -r name _; do
    note "counted: $name $(grep -A 1 "counter $name {" <<<"$table" | sed -n 's/^\t*packets \([0-9]*\).*/\1/p') packets"
  done < <(sed -n 's/^\tcounter \([a-z_]*\) {.*/\1/p' <<<"$table")
}

look_at_proxy() {
  local line
  if ! live; then unseen 'whether the proxy listens'; return; fi
  line=$(ss -Hltnpe 'sport = :3128' 2>/dev/null)
  if [[ -z $line ]]; then
    fault 'nothing listens on 127.0.0.1:3128' 'systemctl start pantheon-proxy; journalctl -u pantheon-proxy'
  elif [[ $line != *127.0.0.1:3128* || $(wc -l <<<"$line") != 1 ]]; then
    fault 'port 3128 is open to more than 127.0.0.1' 'systemctl restart pantheon-proxy, and mask what else listens'
  elif [[ $line != *"uid:$(id -u pantheon-proxy)"* ]]; then
    fault 'what listens on 127.0.0.1:3128 is not the proxy' 'stop it, then: systemctl start pantheon-proxy'
  else
    ok 'proxy: it listens on 127.0.0.1:3128, as pantheon-proxy'
  fi
}

look_at_units() {
  local unit line
  if ! command -v systemd-analyze >/dev/null; then unseen 'the hardening of the units; systemd-analyze is not there'; return; fi
  for unit in proxy vllm ollama egress-night egress-day egress-pin jit@1 runner@1 night@1; do
    # Of a staged root nothing but the unit's own text counts.
    line=$(systemd-analyze security --offline=true ${root:+--root="$root"} --no-pager "pantheon-$unit.service" 2>/dev/null | tail -n 1)
    line=${line##*: }
    if [[ -z $line ]]; then unseen "the hardening of pantheon-$unit"
    else note "exposure of pantheon-$unit by systemd-analyze security: ${line% *}"; fi
  done
  if ! live || [[ ! -d /run/systemd/system ]]; then unseen 'whether units run'; return; fi
  for unit in pantheon-proxy.service pantheon-egress-pin.timer; do
    if systemctl is-active --quiet "$unit"; then ok "$unit runs"; else fault "$unit does not run" "systemctl status $unit"; fi
  done
  if systemctl is-active --quiet squid.service; then
    fault 'squid.service runs, a proxy for the local network' 'systemctl mask --now squid.service'
  fi
  if systemctl is-active --quiet pantheon-egress-day.service; then note 'it is day: the runner reaches public web servers'; fi
}

look_at_sandbox() {
  local become=()
  if ! live; then unseen 'whether bubblewrap can make user namespaces'; return; fi
  if ! command -v bwrap >/dev/null; then fault 'bubblewrap is missing' 'apt-get install bubblewrap'; return; fi
  if [[ $(id -u) == 0 ]]; then
    become=(setpriv --reuid=pantheon-runner --regid=pantheon-runner --clear-groups --no-new-privs)
  fi
  if "${become[@]}" bwrap --unshare-all --ro-bind / / true 2>/dev/null; then
    ok 'sandbox: bubblewrap makes user namespaces'
  else
    fault 'bubblewrap cannot make user namespaces' 'on Ubuntu install.sh writes its AppArmor profile; elsewhere see docs/sandbox.md'
  fi
}

look_at_users
look_at_files
look_at_rules
look_at_proxy
look_at_units
look_at_sandbox
note 'not protected: the forge is a way out for whoever holds a token; names below one address of a shared host (HTTP Host'
note 'inside TLS is not seen); abstract and path sockets of other services, for what runs outside of the units; root'

if ((faults > 0)); then
  echo "$faults faults"
  exit 1
fi
if ((unseen > 0)); then
  echo "no fault was seen; $unseen were not looked at"
  exit 3
fi
echo 'all is as it should be'
