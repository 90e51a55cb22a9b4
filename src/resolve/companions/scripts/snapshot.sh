#!/bin/sh
# Makes a VolumeSnapshot of a claim, and removes those past their retention: only after the new one can be
# used, and never that one.
set -eu
LC_ALL=C
export LC_ALL

claim=${SNAPSHOT_CLAIM:?}
name=${SNAPSHOT_NAME:?}
retention=${SNAPSHOT_RETENTION_MINUTES:?}
class=${SNAPSHOT_CLASS:-}
timeout=${SNAPSHOT_TIMEOUT:-30m}

kind=volumesnapshots.snapshot.storage.k8s.io
label=platgen.dev/snapshot-of=$name
snapshot=$name-$(date -u +%Y%m%dt%H%M%Sz)
if [ -n "$class" ]; then class="volumeSnapshotClassName: $class"; fi

kubectl create -f - <<MANIFEST
apiVersion: snapshot.storage.k8s.io/v1
kind: VolumeSnapshot
metadata:
  name: $snapshot
  labels:
    ${label%%=*}: "$name"
spec:
  $class
  source:
    persistentVolumeClaimName: $claim
MANIFEST

if ! kubectl wait --for=jsonpath='{.status.readyToUse}'=true --timeout="$timeout" "$kind/$snapshot"; then
  kubectl get "$kind/$snapshot" -o jsonpath='{.status.error.message}' >&2 || :
  kubectl delete --wait=false "$kind/$snapshot" || :
  exit 1
fi

# Names hold the time: older ones have smaller numbers.
cutoff=$(date -u -d "@$(($(date +%s) - retention * 60))" +%Y%m%d%H%M%S)
found=$(kubectl get "$kind" -l "$label" -o name)
printf '%s\n' "$found" | while IFS= read -r each; do
  each=${each##*/}
  case $each in
  "$snapshot") continue ;;
  "$name"-[0-9]*t[0-9]*z) ;;
  *) continue ;;
  esac
  stamp=$(printf %s "${each#"$name"-}" | tr -d tz)
  case $stamp in *[!0-9]*) continue ;; esac
  if [ "${#stamp}" -eq 14 ] && [ "$stamp" -lt "$cutoff" ]; then
    kubectl delete --wait=false "$kind/$each"
  fi
done
