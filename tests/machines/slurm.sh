#!/usr/bin/env bash
# A sweep as a job array of a real one-node Slurm, which this script starts and stops: one task of
# the array is lost and submitted again by itself. Talks to the loopback only; needs root.
set -euo pipefail
cd "$(dirname "$0")/../.."
for need in slurmctld slurmd sbatch munged; do
  if ! command -v "$need" > /dev/null || [ "$(id -u)" != 0 ]; then
    echo "skipped: needs root and $need"
    exit 0
  fi
done
. tests/machines/common.sh
host=$(hostname -s)
munged_id=
# Ends what this script started, and nothing else: each by the id that it was given.
stop() {
  for id in $(cat "$work/slurmd.pid" "$work/slurmctld.pid" 2> /dev/null) $munged_id; do
    kill "$id" 2> /dev/null || true
  done
  sleep 1
  rm -rf "$work"
}
trap stop EXIT

[ -s /etc/munge/munge.key ] || mungekey
mkdir -p /run/munge "$work/state" "$work/spool"
chown munge /run/munge /etc/munge/munge.key
chmod 755 "$work"
if ! pgrep -x munged > /dev/null; then
  # Without a shell between, so that the id is that of munged itself.
  setpriv --reuid=munge --regid=munge --init-groups munged --foreground > "$work/munged.log" 2>&1 &
  munged_id=$!
  sleep 2
fi
cat > "$work/slurm.conf" <<CONF
ClusterName=one
SlurmctldHost=$host(127.0.0.1)
SlurmUser=root
AuthType=auth/munge
StateSaveLocation=$work/state
SlurmdSpoolDir=$work/spool
SlurmctldPidFile=$work/slurmctld.pid
SlurmdPidFile=$work/slurmd.pid
SlurmctldLogFile=$work/slurmctld.log
SlurmdLogFile=$work/slurmd.log
ProctrackType=proctrack/linuxproc
TaskPlugin=task/none
SelectType=select/cons_tres
SelectTypeParameters=CR_Core
ReturnToService=2
NodeName=$host NodeAddr=127.0.0.1 CPUs=2 RealMemory=2000 State=UNKNOWN
PartitionName=all Nodes=ALL Default=YES MaxTime=INFINITE State=UP
CONF
export SLURM_CONF=$work/slurm.conf
slurmctld
slurmd
for _ in $(seq 1 40); do
  sinfo -h -o %T 2> /dev/null | grep -q idle && break
  sleep 1
done
sinfo

cat > "$work/array.sh" <<JOB
#!/bin/sh
#SBATCH --output=$work/task-%a.log
exec "$program" sweep "$work/s.toml" --out "$work/array" --shard "\$SHARD" -q
JOB
SHARD=auto sbatch --wait --array=1-4 --export=ALL "$work/array.sh"
same "$work/array"

# Task 2 is lost; submitted alone the scheduler would call it the only one, so it is told of how many.
rm "$work/array/s/parts/part-2-of-4.jsonl"
if "$program" merge "$work/s.toml" --out "$work/array" -q > /dev/null 2> "$work/said"; then exit 1; fi
grep -q 'points are missing (1, 5, 9' "$work/said"
SHARD=2/4 sbatch --wait --array=2 --export=ALL "$work/array.sh"
same "$work/array"
