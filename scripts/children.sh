# The processes of an installation as children of ./run: started, watched and stopped together.
declare -A children=()
declare -A words=([serve]=网页服务 [scheduler]=时限程序 [authority]=证书服务 [signer]=签名服务)

# One ./run per data folder: two sweeps on one SQLite file would only wait for each other.
take_folder() {
  exec 9>"$data/run.lock"
  flock -n 9 || refuse "数据文件夹 $data 正被另一个已启动的公文系统使用；请先停止它，或换一个数据文件夹。" \
    "GONGWEN_DATA=$data-2 PORT=$((PORT + 1)) ./run"
}

# The address to try and to show: 0.0.0.0 listens everywhere but is nowhere.
local_host() {
  case "$HOST" in
    0.0.0.0) printf '127.0.0.1' ;;
    ::) printf '::1' ;;
    *) printf '%s' "$HOST" ;;
  esac
}

need_free_port() {
  [[ $PORT =~ ^[0-9]{1,5}$ ]] && [ "$PORT" -ge 1 ] && [ "$PORT" -le 65535 ] ||
    refuse "PORT 应为 1 到 65535 之间的整数，现为“$PORT”。" "PORT=8000 ./run"
  if (exec 3<>"/dev/tcp/$(local_host)/$PORT") 2>/dev/null; then
    refuse "端口 $PORT 已被别的程序占用，请换一个端口。" "PORT=$((PORT % 65535 + 1)) ./run"
  fi
}

# start NAME. The child has a process group of its own, so that Ctrl-C reaches only us and every
# stop is the same orderly one.
start() {
  setsid setpriv --pdeathsig TERM .venv/bin/gongwen "$1" 9>&- &
  children[$1]=$!
}

# True once the server answers anything at all; what it answers is for /healthz to say.
answers() {
  (
    exec 3<>"/dev/tcp/$(local_host)/$PORT" &&
      printf 'GET /healthz HTTP/1.0\r\nHost: %s\r\n\r\n' "$(local_host)" >&3 &&
      read -r -t 10 line <&3 && [[ $line == HTTP/* ]]
  ) 2>/dev/null
}

alive() { kill -0 "$1" 2>/dev/null; }

all_alive() {
  local id
  for id in "${children[@]}"; do alive "$id" || return 1; done
}

none_alive() {
  local id
  for id in "${children[@]}"; do ! alive "$id" || return 1; done
}

# has_keys NAME: whether this process has a key-encryption key; the demonstration makes its own.
has_keys() {
  local setting=GONGWEN_${1^^}
  local kek=${setting}_KEK file=${setting}_KEK_FILE keys=${setting}_KEYS
  [ "${GONGWEN_DEMO:-1}" != 0 ] || [ -n "${!kek:-}" ] ||
    [ -e "${!file:-${!keys:-$data/$1}/kek}" ]
}

start_children() {
  local name host
  say "· 启动网页服务和时限程序"
  start serve
  start scheduler
  for name in authority signer; do
    if has_keys "$name"; then
      say "· 启动${words[$name]}"
      start "$name"
    else
      say "· ${words[$name]}没有启用（启用：.venv/bin/gongwen $name new-kek，见 docs/administrator.md）"
    fi
  done
  until answers; do
    all_alive || return
    sleep 0.3
  done
  host=$(local_host)
  [[ $host == *:* ]] && host="[$host]"
  say ""
  say "公文系统已启动：http://$host:$PORT/"
  [ "${GONGWEN_DEMO:-1}" = 0 ] || say "演示账号和口令见上表。"
  say "按 Ctrl-C 停止。"
}

# Ends only by a signal (see stop) or by the death of a child.
watch_children() {
  local name status
  while all_alive; do
    wait -n "${children[@]}"
  done
  for name in "${!children[@]}"; do
    alive "${children[$name]}" && continue
    wait "${children[$name]}"
    status=$?
    printf '\n[失败] %s意外停止（退出码 %s），原因见上文；整个系统随之停止。\n' "${words[$name]}" "$status" >&2
    break
  done
  stop 1
}

# Ask all, wait as long as a request in hand may take (35 s), then insist.
stop() {
  trap '' INT TERM HUP
  stop_step
  if [ "${#children[@]}" -gt 0 ]; then
    printf '\n正在停止 ……\n'
    kill -TERM "${children[@]}" 2>/dev/null
    for _ in {1..175}; do
      none_alive && break
      sleep 0.2
    done
    kill -KILL -- "${children[@]/#/-}" 2>/dev/null
  fi
  say "已停止。"
  exit "$1"
}
