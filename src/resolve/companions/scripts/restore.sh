#!/bin/sh
# Restores a dump into its database, all of it or nothing: what the dump holds is replaced in one
# transaction. The newest dump, unless RESTORE_FILE names another.
#
# Connects as libpq's variables say (PGHOST, PGPORT, PGDATABASE, PGUSER, PGPASSWORD).
set -eu
LC_ALL=C
export LC_ALL

folder=${BACKUP_FOLDER:?}
name=${BACKUP_NAME:?}
wanted=${RESTORE_FILE:-}

case $wanted in
*/*)
  echo "RESTORE_FILE is the name of a dump, not a path: $wanted" >&2
  exit 1
  ;;
esac

file=
if [ -n "$wanted" ]; then
  file=$folder/$wanted
else
  # Names hold the time, so the last one is the newest.
  for each in "$folder/$name"-*.dump; do file=$each; done
fi

if [ ! -f "$file" ]; then
  echo "there is no dump $file; there are:" >&2
  ls -- "$folder" >&2 || :
  exit 1
fi

echo "restoring $file into ${PGDATABASE:?}"
pg_restore --clean --if-exists --single-transaction --exit-on-error --no-password --dbname="$PGDATABASE" "$file"
# A dump holds no statistics: without them the planner guesses.
psql --no-psqlrc --quiet --no-password --command=ANALYZE
echo "restored $file"
