#!/bin/sh
# Fetches one dump from S3 into a folder: the newest, unless RESTORE_FILE names another.
#
# Connects as the AWS CLI's variables say (AWS_REGION, AWS_ENDPOINT_URL_S3, AWS_ACCESS_KEY_ID, …).
set -eu
LC_ALL=C
export LC_ALL

folder=${BACKUP_FOLDER:?}
name=${BACKUP_NAME:?}
bucket=${S3_BUCKET:?}
prefix=${S3_PREFIX:-}
wanted=${RESTORE_FILE:-}

case $wanted in
*/*)
  echo "RESTORE_FILE is the name of a dump, not a path: $wanted" >&2
  exit 1
  ;;
esac

if [ -z "$wanted" ]; then
  keys=$(aws s3api list-objects-v2 --bucket "$bucket" --prefix "$prefix$name-" --query 'Contents[].[Key]' --output text)
  # Names hold the time, so the last one is the newest.
  wanted=$(printf '%s\n' "$keys" | grep '\.dump$' | sort | tail -n 1)
  if [ -z "$wanted" ]; then
    echo "there is no dump in s3://$bucket/$prefix" >&2
    exit 1
  fi
  wanted=${wanted#"$prefix"}
fi

aws s3 cp --only-show-errors "s3://$bucket/$prefix$wanted" "$folder/$wanted"
echo "fetched s3://$bucket/$prefix$wanted"
