#!/usr/bin/env bash
# SPDX-License-Identifier: GPL-3.0-only
# Sets a machine up for nights that reach the forge and nothing else. Each step says what it does, and
# running it again changes only what is missing or different.
set -euo pipefail

here=$(cd "$(dirname "$(readlink -f "${BASH_SOURCE[0]}")")" && pwd -P)
source=$(dirname "$here")
releases=/opt/pantheon-releases

usage() {
  cat <<'TEXT'
Usage: install.sh [--dry-run] [--root DIR] [--runners N] [--engine vllm|ollama]
                  [--no-packages] [--no-home] [--uninstall] [--help]

Sets up Debian 12 or later, or Ubuntu 24.04 or later, with systemd: three users, the rules of night and day,
the proxy to the forge, systemd units, and the commit of this clone as root's in /opt/pantheon.

  --dry-run        say every step, change nothing
  --root DIR       write below DIR instead of /: nothing is started, no package is installed
  --runners N      start N runners of GitHub at night (pantheon-runner@1 to @N)
  --engine NAME    start an engine and the relay to it: vllm or ollama
  --no-packages    install no Debian package; what is missing is named
  --no-home        leave /opt/pantheon as it is
  --uninstall      take away what this wrote; users, their data, /etc/pantheon/*.conf and packages stay

Examples:
  sudo runner-setup/install.sh --dry-run
  sudo runner-setup/install.sh --engine vllm --runners 2
  runner-setup/install.sh --root /tmp/staged --no-home
  sudo runner-setup/install.sh --uninstall

Exit codes: 0 done, 1 a step failed, 2 the options are not understood, 3 this system is not supported.
TEXT
}

fail() {
  echo "install.sh: $1" >&2
  exit "${2:-1}"
}

dry='' root='' runners=0 engine='' packages=1 with_home=1 uninstall=''
while (($# > 0)); do
  case $1 in
    --dry-run) dry=1 ;;
    --root) root=${2:?"install.sh: --root wants a folder"}; shift ;;
    --runners) runners=${2:?"install.sh: --runners wants a number"}; shift ;;
    --engine) engine=${2:?"install.sh: --engine wants vllm or ollama"}; shift ;;
    --no-packages) packages='' ;;
    --no-home) with_home='' ;;
    --uninstall) uninstall=1 ;;
    -h | --help) usage; exit 0 ;;
    *) usage >&2; fail "\"$1\" is not an option" 2 ;;
  esac
  shift
done
[[ $runners =~ ^[0-9]{1,2}$ ]] || fail "--runners $runners: write a number from 0 to 99" 2
[[ $engine =~ ^(vllm|ollama|)$ ]] || fail "--engine $engine: write vllm or ollama" 2
if [[ -n $root ]]; then
  [[ $root == /* && -d $root ]] || fail "--root $root: write the path of a folder that is there" 2
  root=$(readlink -f "$root")
  root=${root%/}
  packages=''
fi

# run COMMAND...: runs it, or says it with --dry-run.
run() {
  if [[ -n $dry ]]; then echo "  would run: $*"; else "$@"; fi
}

step() {
  printf '%s\n' "* $1"
}

live() {
  [[ -z $root ]]
}

# put MODE SOURCE TARGET: a file of root's, written only where it is different.
put() {
  local mode=$1 from=$2 to=$root$3
  if cmp -s "$from" "$to" && [[ $(stat -c %a "$to") == "$mode" ]]; then return; fi
  echo "  $3"
  run install -D -m "$mode" "$from" "$to"
}

# Each file that is written as it is: where from, where to.
files() {
  local unit
  echo "users/sysusers.conf /etc/sysusers.d/pantheon.conf"
  echo "users/tmpfiles.conf /etc/tmpfiles.d/pantheon.conf"
  echo "proxy/squid.conf /etc/pantheon/proxy/squid.conf"
  for unit in "$here"/systemd/*; do echo "systemd/${unit##*/} /etc/systemd/system/${unit##*/}"; done
}

check_system() {
  step 'Looks at the system'
  local id version needed command
  # shellcheck source=/dev/null
  read -r id version < <(. "${root:-}/etc/os-release" 2>/dev/null || . /etc/os-release; echo "$ID ${VERSION_ID:-0}")
  case $id in
    debian) needed=12 ;;
    ubuntu) needed=24.04 ;;
    *) fail "$id is neither Debian nor Ubuntu; README.md says what is needed elsewhere" 3 ;;
  esac
  [[ $(printf '%s\n' "$needed" "$version" | sort -V | head -n 1) == "$needed" ]] ||
    fail "$id $version is too old; $id $needed or later is needed" 3
  if live; then
    [[ -n $dry || $(id -u) == 0 ]] || fail 'this needs root; run it with sudo, or with --root DIR' 2
    [[ -n $dry || -d /run/systemd/system ]] || fail 'systemd does not run here; --root DIR writes the files for another machine' 3
  fi
  for command in systemd-sysusers systemctl; do
    command -v "$command" >/dev/null || fail "$command is not there; apt-get install systemd" 3
  done
  if [[ -n $with_home ]]; then
    for command in git npm node; do
      command -v "$command" >/dev/null || fail "$command is not there; Node 20 or later with npm, and git, are needed" 3
    done
    (($(node -p 'process.versions.node.split(".")[0]') >= 20)) || fail 'Node 20 or later is needed' 3
    [[ -z $(git -C "$source" status --porcelain) ]] || fail "$source has changes that no commit has; commit them, or put them away" 1
  fi
}

install_packages() {
  local package missing=()
  step 'Debian packages: the proxy, the rules, the sandbox'
  for package in squid-openssl nftables bubblewrap openssl curl; do
    [[ $(dpkg-query --show --showformat='${db:Status-Status}' "$package" 2>/dev/null) == installed ]] || missing+=("$package")
  done
  if ((${#missing[@]} == 0)); then return; fi
  if [[ -z $packages ]]; then
    echo "  not installed, and needed where this runs: ${missing[*]}"
    return
  fi
  if [[ " ${missing[*]} " == *' squid-openssl '* && -x /usr/sbin/squid ]]; then
    fail 'another Squid is installed, which squid-openssl would replace; move it to another machine, or remove it' 1
  fi
  # Squid as Debian starts it is a proxy for the local network: it must never run here.
  run systemctl mask squid.service
  run apt-get update -qq
  run env DEBIAN_FRONTEND=noninteractive apt-get install -y -qq --no-install-recommends "${missing[@]}"
}

install_users() {
  step 'Users pantheon-runner, pantheon-engine, pantheon-proxy'
  put 644 "$here/users/sysusers.conf" /etc/sysusers.d/pantheon.conf
  run systemd-sysusers ${root:+--root="$root"} pantheon.conf
  if grep -qsE '^pantheon-(runner|engine|proxy):' "$root/etc/subuid" "$root/etc/subgid"; then
    fail 'one of them has subordinate ids, which no rule would name; take its lines out of /etc/subuid and /etc/subgid'
  fi
}

install_home() {
  local commit target
  commit=$(git -C "$source" rev-parse HEAD)
  target=$root$releases/$commit
  step "Pantheon at commit $commit, as root's, in /opt/pantheon"
  if [[ ! -d $target ]]; then
    echo "  $releases/$commit"
    if [[ -n $dry ]]; then
      echo '  would run: git archive, npm ci --omit=dev'
    else
      rm -rf --one-file-system "$target.new"
      mkdir -p "$target.new"
      git -C "$source" archive "$commit" | tar -x -C "$target.new"
      (cd "$target.new" && npm ci --omit=dev --no-audit --no-fund --silent)
      if [[ $(id -u) == 0 ]]; then chown -R root:root "$target.new"; fi
      chmod -R go-w "$target.new"
      chmod 755 "$target.new"
      mv "$target.new" "$target"
    fi
  fi
  # Relative, so that it leads there in a staged root too.
  if [[ $(readlink "$root/opt/pantheon") == "pantheon-releases/$commit" ]]; then return; fi
  [[ -L $root/opt/pantheon || ! -e $root/opt/pantheon ]] || fail '/opt/pantheon is there and is not a link; move it away'
  echo "  /opt/pantheon -> $releases/$commit"
  run ln -sfnT "pantheon-releases/$commit" "$root/opt/pantheon"
}

install_files() {
  local from to
  step 'Rules, proxy, units'
  while read -r from to; do put 644 "$here/$from" "$to"; done < <(files)
  # A person's settings are written once.
  for from in egress runner; do
    if [[ ! -e $root/etc/pantheon/$from.conf ]]; then put 644 "$here/conf/$from.conf" "/etc/pantheon/$from.conf"; fi
  done
  for from in vllm ollama; do
    if [[ ! -e $root/etc/pantheon/$from.env ]]; then put 644 "$here/conf/$from.env" "/etc/pantheon/$from.env"; fi
  done
  run systemd-tmpfiles ${root:+--root="$root"} --create pantheon.conf
}

install_key() {
  local file=$root/etc/pantheon/proxy/unused.pem
  if [[ -e $file ]]; then return; fi
  step 'A key that the proxy must have and never uses'
  echo '  /etc/pantheon/proxy/unused.pem'
  if [[ -n $dry ]]; then return; fi
  (umask 077 && openssl req -x509 -newkey ec -pkeyopt ec_paramgen_curve:prime256v1 -nodes -days 36500 \
    -subj '/CN=refused by the night' -keyout "$file.key" -out "$file.crt" 2>/dev/null &&
    cat "$file.key" "$file.crt" >"$file.new")
  rm "$file.key" "$file.crt"
  if [[ $(id -u) == 0 ]]; then
    chown "root:$(awk -F: '$1 == "pantheon-proxy" { print $3 }' "$root/etc/group")" "$file.new"
    chmod 640 "$file.new"
  fi
  mv "$file.new" "$file"
}

# Ubuntu 24.04 lets only programs with a profile make user namespaces. No switch of the whole machine is touched.
install_apparmor() {
  if [[ ! -e $root/etc/apparmor.d/abi/4.0 ]]; then return; fi
  step 'AppArmor lets bubblewrap, and no other program, make user namespaces'
  if [[ -e $root/etc/apparmor.d/bwrap-userns-restrict ]]; then
    fail "/etc/apparmor.d/bwrap-userns-restrict is there, and a second profile for bubblewrap would be in conflict; see README.md" 1
  fi
  put 644 "$source/src/boundary/etc/apparmor-bwrap" /etc/apparmor.d/bwrap
  if live; then run apparmor_parser -r /etc/apparmor.d/bwrap; fi
}

enable_units() {
  local number units=(pantheon-egress-night.service pantheon-egress-pin.timer pantheon-proxy.service)
  step 'Units that start with the machine'
  if [[ -n $engine ]]; then units+=("pantheon-$engine.service" "pantheon-$engine-relay.socket"); fi
  for ((number = 1; number <= runners; number++)); do units+=("pantheon-runner@$number.service"); done
  printf '  %s\n' "${units[@]}"
  run systemctl ${root:+--root="$root"} --quiet enable "${units[@]}"
  if live; then
    run systemctl daemon-reload
    run systemctl start pantheon-egress-night.service
    if grep -E '^[[:space:]]*host' /etc/pantheon/egress.conf | grep -qvE 'host +[^ ]+ +[0-9a-f.:]+( |$)' &&
      ! grep -qE '^[[:space:]]*resolver ' /etc/pantheon/egress.conf; then
      echo '  not started: /etc/pantheon/egress.conf names no resolver yet; write it, then start the units'
      return
    fi
    run systemctl start "${units[@]}"
  fi
}

remove() {
  local from to unit
  step 'Stops and takes away the units'
  for unit in "$root"/etc/systemd/system/pantheon-*; do
    [[ -f $unit ]] || continue
    unit=${unit##*/}
    if live && [[ $unit != *@.* ]]; then run systemctl --quiet stop "$unit"; fi
    run systemctl ${root:+--root="$root"} --quiet disable "$unit"
  done
  if live; then
    run systemctl --quiet stop 'pantheon-runner@*' 'pantheon-night@*'
    step 'Takes the rules away: the three users are no longer restricted'
    run "$here/egress.sh" off
  fi
  step 'Takes away what was written'
  while read -r from to; do
    if [[ -e $root$to ]]; then echo "  $to"; run rm "$root$to"; fi
  done < <(files; echo "- /etc/pantheon/proxy/unused.pem"; echo "- /opt/pantheon")
  for to in "$releases" /var/lib/pantheon/egress; do
    if [[ -d $root$to ]]; then echo "  $to"; run rm -r --one-file-system "$root$to"; fi
  done
  if cmp -s "$source/src/boundary/etc/apparmor-bwrap" "$root/etc/apparmor.d/bwrap"; then
    if live; then run apparmor_parser -R /etc/apparmor.d/bwrap; fi
    run rm "$root/etc/apparmor.d/bwrap"
  fi
  if live; then run systemctl daemon-reload; fi
  echo 'Left: the three users, /var/lib/pantheon-*, /etc/pantheon/*.conf and *.env, /etc/pantheon/github-token, packages.'
  echo 'squid.service stays masked; systemctl unmask squid.service undoes that.'
}

if [[ -n $uninstall ]]; then
  remove
else
  check_system
  install_packages
  install_users
  if [[ -n $with_home ]]; then install_home; fi
  install_files
  install_key
  install_apparmor
  enable_units
  echo "Done${dry:+, with nothing changed}. Next: runner-setup/README.md, then sudo runner-setup/doctor.sh"
fi
