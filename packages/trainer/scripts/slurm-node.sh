#!/usr/bin/env bash
# A Slurm of one node on this machine, for check-slurm: "start" installs and starts it, "stop" ends it. For a Debian whose
# root this is, such as a container of a continuous integration; where a Slurm answers already, nothing is done.
set -euo pipefail
# Its state, and the sign that the Slurm that is configured is this one.
mine=/var/lib/bioflax-slurm

case "${1:-}" in
start)
  if sinfo --noheader >/dev/null 2>&1; then exit 0; fi
  if ! command -v sbatch slurmctld slurmd munged >/dev/null; then
    apt-get update -qq
    DEBIAN_FRONTEND=noninteractive apt-get install -qq --yes --no-install-recommends slurm-wlm slurm-client munge
  fi
  # Somebody else's is left alone.
  if [[ -e /etc/slurm/slurm.conf && ! -e "$mine" ]]; then
    echo "There is a Slurm configured here that does not answer." >&2
    exit 1
  fi
  mkdir -p "$mine/controller" "$mine/node" /var/log/slurm /run/munge
  [[ -e /etc/munge/munge.key ]] || head -c 1024 /dev/urandom >/etc/munge/munge.key
  chown -R munge: /run/munge /etc/munge
  chmod 400 /etc/munge/munge.key
  host=$(hostname -s)
  cat >/etc/slurm/slurm.conf <<CONF
ClusterName=bioflax
SlurmctldHost=$host(127.0.0.1)
AuthType=auth/munge
SlurmUser=root
SlurmdUser=root
StateSaveLocation=$mine/controller
SlurmdSpoolDir=$mine/node
ProctrackType=proctrack/linuxproc
TaskPlugin=task/none
SelectType=select/cons_tres
SelectTypeParameters=CR_Core
ReturnToService=2
MpiDefault=none
JobAcctGatherType=jobacct_gather/none
SlurmctldLogFile=/var/log/slurm/slurmctld.log
SlurmdLogFile=/var/log/slurm/slurmd.log
SlurmctldPidFile=$mine/slurmctld.pid
SlurmdPidFile=$mine/slurmd.pid
NodeName=$host NodeAddr=127.0.0.1 CPUs=$(nproc) RealMemory=$(($(free -m | awk '/^Mem/ { print $2 }') / 2)) State=UNKNOWN
PartitionName=main Nodes=ALL Default=YES MaxTime=INFINITE State=UP
CONF
  munge -n >/dev/null 2>&1 || runuser -u munge -- munged
  slurmctld
  slurmd
  for _ in $(seq 30); do
    if sinfo --noheader 2>/dev/null | grep -q idle; then exit 0; fi
    sleep 1
  done
  echo "Slurm was started, but its node is not ready." >&2
  exit 1
  ;;
stop)
  [[ -e "$mine" ]] || exit 0
  for pid in "$mine/slurmd.pid" "$mine/slurmctld.pid" /run/munge/munged.pid; do
    [[ -e "$pid" ]] || continue
    process=$(cat "$pid")
    kill "$process" 2>/dev/null || true
    # Until then they write to what is removed.
    for _ in $(seq 100); do
      kill -0 "$process" 2>/dev/null || break
      sleep 0.1
    done
  done
  rm -rf "$mine" /etc/slurm/slurm.conf
  ;;
*)
  echo "Usage: slurm-node.sh start|stop" >&2
  exit 2
  ;;
esac
