# Web server and scheduler as children of ./run: started, watched and stopped together.

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

# start NAME: leaves the process id in started. The child has a process group of its own, so that
# Ctrl-C reaches only us and every stop is the same orderly one.
start() {
  setsid setpriv --pdeathsig TERM .venv/bin/gongwen "$1" 9>&- &
  started=$!
}

# True once the server answers anything at all; what it answers is for /healthz to say.
answers() {
  (
    exec 3<>"/dev/tcp/$(local_host)/$PORT" &&
      printf 'GET /healthz HTTP/1.0\r\nHost: %s\r\n\r\n' "$(local_host)" >&3 &&
      read -r -t 10 line <&3 && [[ $line == HTTP/* ]]
  ) 2>/dev/null
}

alive() { [ -n "$1" ] && kill -0 "$1" 2>/dev/null; }

start_children() {
  say "· 启动网页服务和时限程序"
  start serve && web=$started
  start scheduler && scheduler=$started
  until answers; do
    alive "$web" && alive "$scheduler" || return
    sleep 0.3
  done
  local host
  host=$(local_host)
  [[ $host == *:* ]] && host="[$host]"
  say ""
  say "公文系统已启动：http://$host:$PORT/"
  [ "${GONGWEN_DEMO:-1}" = 0 ] || say "演示账号和口令见上表。"
  say "按 Ctrl-C 停止。"
}

# Ends only by a signal (see stop) or by the death of a child.
watch_children() {
  while alive "$web" && alive "$scheduler"; do
    wait -n "$web" "$scheduler"
  done
  local name=网页服务 status
  alive "$web" && name=时限程序
  if alive "$web"; then wait "$scheduler"; else wait "$web"; fi
  status=$?
  printf '\n[失败] %s意外停止（退出码 %s），原因见上文；整个系统随之停止。\n' "$name" "$status" >&2
  stop 1
}

# Ask both, wait as long as a request in hand may take (35 s), then insist.
stop() {
  trap '' INT TERM HUP
  stop_step
  if [ -n "$web$scheduler" ]; then
    printf '\n正在停止 ……\n'
    kill -TERM $web $scheduler 2>/dev/null
    for _ in {1..175}; do
      alive "$web" || alive "$scheduler" || break
      sleep 0.2
    done
    kill -KILL -- ${web:+-$web} ${scheduler:+-$scheduler} 2>/dev/null
  fi
  say "已停止。"
  exit "$1"
}
