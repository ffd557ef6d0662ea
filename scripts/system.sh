# Debian and Ubuntu packages: the libraries of WeasyPrint and the fonts of official documents.

LIBRARIES=(libpango-1.0-0 libpangoft2-1.0-0 libharfbuzz-subset0)

# Font file and the package that brings it. The first six set every document; the others draw
# the rare characters that those lack.
FONTS="
FandolFang-Regular.otf texlive-lang-chinese
FandolKai-Regular.otf texlive-lang-chinese
FandolHei-Regular.otf texlive-lang-chinese
FandolSong-Regular.otf texlive-lang-chinese
FandolSong-Bold.otf texlive-lang-chinese
LiberationSerif-Regular.ttf fonts-liberation
LXGWWenKai-Regular.ttf fonts-lxgw-wenkai
NotoSerifCJK-Light.ttc fonts-noto-cjk-extra
NotoSerifCJK-Bold.ttc fonts-noto-cjk
NotoSansCJK-Bold.ttc fonts-noto-cjk
"

as_root() {
  if [ "$(id -u)" = 0 ]; then "$@"; else sudo -n "$@"; fi
}

can_be_root() { [ "$(id -u)" = 0 ] || sudo -n true 2>/dev/null; }

# apt_install PACKAGE…: in the foreground, because a package manager must not be cut off half way.
apt_lists_fresh=""
apt_install() {
  command -v apt-get >/dev/null && can_be_root || return 1
  mkdir -p "$(dirname "$log")"
  if [ -z "$apt_lists_fresh" ]; then
    as_root apt-get update --quiet >>"$log" 2>&1
    apt_lists_fresh=yes
  fi
  as_root env DEBIAN_FRONTEND=noninteractive \
    apt-get install --quiet --yes --no-install-recommends "$@" >>"$log" 2>&1
}

# Without the subsetter of harfbuzz the same document would give other bytes every time.
has_libraries() {
  .venv/bin/python -c '
from ctypes import CDLL
for name in ("gobject-2.0", "pango-1.0", "harfbuzz", "harfbuzz-subset", "fontconfig", "pangoft2-1.0"):
    CDLL(f"lib{name}.so." + ("1" if name == "fontconfig" else "0"))' 2>/dev/null
}

install_libraries() {
  has_libraries && return
  say "· 安装排版所需的系统库：${LIBRARIES[*]}"
  apt_install "${LIBRARIES[@]}"
  has_libraries ||
    refuse "缺少排版所需的系统库 Pango，安装它需要管理员权限（详见 $log）。" \
      "sudo apt-get install ${LIBRARIES[*]}"
}

font_folders() { printf '%s\n' fonts "${GONGWEN_FONTS:-$data/fonts}" /usr/share/fonts /usr/share/texlive; }

# Prints the packages of the font files that are in none of the folders.
packages_of_missing_fonts() {
  local -a folders
  local present file package
  mapfile -t folders < <(font_folders)
  present=$(find -L "${folders[@]}" \( -name '*.otf' -o -name '*.tt[cf]' \) -printf '%f\n' 2>/dev/null)
  while read -r file package; do
    [ -z "$file" ] || grep -qxF "$file" <<<"$present" || printf '%s\n' "$package"
  done <<<"$FONTS" | sort -u
}

# Without root: take the packages apart in a scratch folder and keep the needed files only.
unpack_fonts() {
  local scratch target="${GONGWEN_FONTS:-$data/fonts}" package file rest
  command -v apt-get dpkg-deb >/dev/null || return 1
  scratch=$(mktemp -d) || return 1
  mkdir -p "$target" "$scratch/lists/partial" "$scratch/cache/archives/partial"
  local -a own=(-o "Dir::State::lists=$scratch/lists" -o "Dir::Cache=$scratch/cache")
  step env -C "$scratch" apt-get download "$@" ||
    { step apt-get "${own[@]}" update && step env -C "$scratch" apt-get "${own[@]}" download "$@"; }
  for package in "$scratch"/*.deb; do
    [ -e "$package" ] && step dpkg-deb -x "$package" "$scratch/files"
  done
  while read -r file rest; do
    [ -z "$file" ] || find "$scratch/files" -name "$file" -exec cp -n {} "$target/" \; 2>/dev/null
  done <<<"$FONTS"
  rm -rf "$scratch"
}

install_fonts() {
  add_missing_fonts
  [ ! -d "$data/fonts" ] || export GONGWEN_FONTS=${GONGWEN_FONTS:-$data/fonts}
}

add_missing_fonts() {
  local -a packages
  mapfile -t packages < <(packages_of_missing_fonts)
  [ ${#packages[@]} -eq 0 ] && return
  if can_be_root; then
    say "· 安装公文字体：${packages[*]}（最多约 290 MB，数分钟）"
    apt_install "${packages[@]}"
  else
    say "· 下载公文字体到 ${GONGWEN_FONTS:-$data/fonts}：${packages[*]}（数分钟）"
    unpack_fonts "${packages[@]}"
  fi
  mapfile -t packages < <(packages_of_missing_fonts)
  [ ${#packages[@]} -eq 0 ] ||
    warn "有字体未能安装（${packages[*]}），系统可以启动，但公文 PDF 可能排不出或缺字（详见 $log）。" \
      "sudo apt-get install --no-install-recommends ${packages[*]}"
}
