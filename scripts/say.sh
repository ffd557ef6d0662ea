# What ./run and ./test say, how they run one step, and how they know that it was done before.

say() { printf '%s\n' "$*"; }

# refuse SENTENCE [COMMAND]: one clear sentence, the command to try, and the end.
refuse() {
  printf '\n[失败] %s\n' "$1" >&2
  [ -z "${2:-}" ] || printf '       请试：%s\n' "$2" >&2
  exit 1
}

# warn SENTENCE [COMMAND]: the same for what the program can start without.
warn() {
  printf '[注意] %s\n' "$1" >&2
  [ -z "${2:-}" ] || printf '       请试：%s\n' "$2" >&2
}

# attended COMMAND…: run in a process group of its own that stop_step can end as a whole. `wait`
# lets a signal through at once; bash would hold it back until a foreground command ends. Should
# we be killed outright, the kernel ends the command for us.
step_pid=""
attended() {
  setsid setpriv --pdeathsig TERM "$@" &
  step_pid=$!
  wait "$step_pid"
  local status=$?
  step_pid=""
  return "$status"
}

# step COMMAND…: the same, quietly; what it prints goes to $log.
step() {
  mkdir -p "$(dirname "$log")"
  printf '\n$ %s\n' "$*" >>"$log"
  attended "$@" >>"$log" 2>&1
}

stop_step() {
  [ -z "$step_pid" ] || kill -TERM -- "-$step_pid" 2>/dev/null
  step_pid=""
}

# fingerprint FILE…: one hash over the names and contents of what a step depends on.
fingerprint() { sha256sum -- "$@" | sha256sum | cut -c1-64; }

# Stamps lie in .venv, so that removing it does everything again.
is_done() { [ "$(cat ".venv/stamps/$1" 2>/dev/null)" = "$2" ]; }

mark_done() {
  mkdir -p .venv/stamps
  printf '%s' "$2" >".venv/stamps/$1"
}
