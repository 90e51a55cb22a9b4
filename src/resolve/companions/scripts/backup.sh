#!/bin/sh
# Dumps one database into a folder. A dump is there whole or not at all; dumps past their retention go
# only after a new one is there, and the newest never goes.
#
# Connects as libpq's variables say (PGHOST, PGPORT, PGDATABASE, PGUSER, PGPASSWORD).
set -eu
umask 077
LC_ALL=C
export LC_ALL

folder=${BACKUP_FOLDER:?}
name=${BACKUP_NAME:?}
retention=${BACKUP_RETENTION_MINUTES:?}

part=
child=

end() {
  status=$?
  trap - EXIT
  if [ -n "$part" ]; then rm -f -- "$part"; fi
  exit "$status"
}

# The shell would hear of its end only after that of what it waits for.
stop() {
  if [ -n "$child" ]; then
    kill "$child" 2>/dev/null || :
    wait "$child" 2>/dev/null || :
  fi
  exit 143
}

trap end EXIT
trap stop HUP INT TERM

run() {
  "$@" &
  child=$!
  wait "$child"
  child=
}

# What a run that was killed left behind: nobody has written to it for an hour.
find "$folder" -maxdepth 1 -type f -name "$name-*.part" -mmin +60 -exec rm -f -- {} +

# The name is taken by making the file, so two runs in one second don't meet.
while :; do
  file=$folder/$name-$(date -u +%Y%m%dT%H%M%SZ).dump
  if [ ! -e "$file" ] && (set -C; : >"$file.part") 2>/dev/null; then break; fi
  if [ ! -d "$folder" ] || [ ! -w "$folder" ]; then
    echo "can't write to $folder" >&2
    exit 1
  fi
  sleep 1
done
part=$file.part

run pg_dump --format=custom --no-password --file="$part"
# The contents are listed, and all data read once: what can't be read can't be restored.
pg_restore --list "$part" >/dev/null
run pg_restore --file=/dev/null "$part"
mv -- "$part" "$file"
part=
echo "dumped ${PGDATABASE:-} to $file: $(wc -c <"$file") bytes"

find "$folder" -maxdepth 1 -type f -name "$name-*.dump" ! -name "${file##*/}" -mmin "+$retention" -print |
  while IFS= read -r old; do
    rm -f -- "$old"
    echo "removed $old: past its retention"
  done
