# A throw-away PostgreSQL for the tests: own folder, own free port, gone afterwards.

postgres_folder=""
postgres_bin=""

find_postgres() {
  postgres_bin=$(printf '%s\n' /usr/lib/postgresql/*/bin | sort -V | tail -n 1)
  [ -x "$postgres_bin/initdb" ]
}

# initdb refuses root; the Debian package brings the account postgres.
as_postgres() {
  if [ "$(id -u)" = 0 ]; then runuser -u postgres -- "$@"; else "$@"; fi
}

free_port() {
  .venv/bin/python -c 'import socket; s = socket.socket(); s.bind(("127.0.0.1", 0)); print(s.getsockname()[1])'
}

# Sets GONGWEN_TEST_DATABASE unless it is given. Without fsync: nobody wants this data back.
start_postgres() {
  [ -z "${GONGWEN_TEST_DATABASE:-}" ] || return 0
  if ! find_postgres; then
    say "· 安装测试所需的 PostgreSQL"
    apt_install postgresql
    find_postgres || return 1
  fi
  say "· 启动测试用的临时 PostgreSQL"
  local port options
  port=$(free_port) || return 1
  postgres_folder=$(mktemp -d) || return 1
  [ "$(id -u)" != 0 ] || chown postgres "$postgres_folder"
  (
    cd "$postgres_folder" || exit 1
    options="-p $port -k $postgres_folder -c listen_addresses=127.0.0.1 -c fsync=off -c max_connections=200"
    as_postgres "$postgres_bin/initdb" -D data -A trust -U gongwen -E UTF8 --no-locale &&
      as_postgres "$postgres_bin/pg_ctl" -D data -w -o "$options" -l server.log start
  ) >>"$log" 2>&1 || return 1
  export GONGWEN_TEST_DATABASE="postgresql+psycopg://gongwen@127.0.0.1:$port/postgres"
}

stop_postgres() {
  [ -n "$postgres_folder" ] || return 0
  (cd "$postgres_folder" && as_postgres "$postgres_bin/pg_ctl" -D data -m immediate stop) >>"$log" 2>&1
  rm -rf "$postgres_folder"
  postgres_folder=""
}
