#!/bin/sh
# Uploads the dumps of a folder to S3, then removes those past their retention: only after an upload,
# and never the newest.
#
# Connects as the AWS CLI's variables say (AWS_REGION, AWS_ENDPOINT_URL_S3, AWS_ACCESS_KEY_ID, …).
set -eu
LC_ALL=C
export LC_ALL

folder=${BACKUP_FOLDER:?}
name=${BACKUP_NAME:?}
bucket=${S3_BUCKET:?}
prefix=${S3_PREFIX:-}
retention=${BACKUP_RETENTION_MINUTES:?}

newest=
for file in "$folder/$name"-*.dump; do
  if [ ! -f "$file" ]; then
    echo "there is no dump in $folder" >&2
    exit 1
  fi
  key=$prefix${file##*/}
  # An object is there whole or not at all.
  aws s3 cp --only-show-errors "$file" "s3://$bucket/$key"
  size=$(aws s3api head-object --bucket "$bucket" --key "$key" --query ContentLength --output text)
  if [ "$size" -ne "$(wc -c <"$file")" ]; then
    echo "s3://$bucket/$key has $size bytes, $file has not" >&2
    exit 1
  fi
  echo "uploaded s3://$bucket/$key: $size bytes"
  newest=$key
done

# Names hold the time: older ones have smaller numbers.
cutoff=$(date -u -d "@$(($(date +%s) - retention * 60))" +%Y%m%d%H%M%S)
keys=$(aws s3api list-objects-v2 --bucket "$bucket" --prefix "$prefix$name-" --query 'Contents[].[Key]' --output text)
printf '%s\n' "$keys" | while IFS= read -r key; do
  case $key in
  "$newest" | */*.part) continue ;;
  "$prefix$name"-[0-9]*T[0-9]*Z.dump) ;;
  *) continue ;;
  esac
  stamp=${key#"$prefix$name"-}
  stamp=$(printf %s "${stamp%.dump}" | tr -d TZ)
  case $stamp in *[!0-9]*) continue ;; esac
  if [ "${#stamp}" -eq 14 ] && [ "$stamp" -lt "$cutoff" ]; then
    aws s3 rm --only-show-errors "s3://$bucket/$key"
    echo "removed s3://$bucket/$key: past its retention"
  fi
done
