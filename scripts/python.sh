# The virtual environment, the pinned packages in it, and the front end built with its Node.

# Prints the first interpreter that is new enough.
find_python() {
  local candidate
  for candidate in "${PYTHON:-python3}" python3 python3.14 python3.13 python3.12 python3.11; do
    if "$candidate" -c 'import sys; sys.exit(sys.version_info < (3, 11))' 2>/dev/null; then
      printf '%s' "$candidate"
      return
    fi
  done
  return 1
}

make_environment() {
  .venv/bin/python -m pip --version >/dev/null 2>&1 && return
  local python
  python=$(find_python) ||
    refuse "需要 Python 3.11 或更新的版本，本机没有找到。" "sudo apt-get install python3 python3-venv"
  say "· 建立 Python 虚拟环境 .venv"
  rm -rf .venv
  step "$python" -m venv .venv && return
  say "· 缺少 python3-venv，正在安装"
  rm -rf .venv
  if apt_install python3-venv && step "$python" -m venv .venv; then return; fi
  rm -rf .venv
  refuse "无法建立虚拟环境：多半缺少 python3-venv（详见 $log）。" "sudo apt-get install python3-venv"
}

# install_packages run|assets|test LABEL
install_packages() {
  local file="requirements/$1.txt" hash
  hash=$(fingerprint "$file" .venv/pyvenv.cfg)
  is_done "$1" "$hash" && return
  say "· 安装$2（$file，按校验值核对，首次约需一至数分钟）"
  step .venv/bin/python -m pip install --disable-pip-version-check --no-input \
    --require-hashes -r "$file" ||
    refuse "$2未能安装，多半是网络不通（详见 $log）；可用 PIP_INDEX_URL 指定镜像后重试。" \
      ".venv/bin/python -m pip install --require-hashes -r $file"
  mark_done "$1" "$hash"
}

# The `gongwen` command, from this folder itself.
install_command() {
  local hash
  hash=$(fingerprint pyproject.toml .venv/pyvenv.cfg)
  is_done command "$hash" && return
  say "· 安装 gongwen 命令"
  step .venv/bin/python -m pip install --disable-pip-version-check --no-input \
    --no-deps --no-build-isolation --no-index --editable . ||
    refuse "gongwen 命令未能安装（详见 $log）。" \
      ".venv/bin/python -m pip install --no-deps --no-build-isolation -e ."
  mark_done command "$hash"
}

# The command knows by itself whether sources or lock file have changed since the last build.
build_frontend() {
  say "· 构建页面样式和脚本（Node 来自 PyPI；没有改动则跳过，首次约需一分钟）"
  step .venv/bin/gongwen assets ||
    refuse "页面样式和脚本未能构建，多半是网络不通（详见 $log）；可用 npm_config_registry 指定镜像后重试。" \
      ".venv/bin/gongwen assets"
}
