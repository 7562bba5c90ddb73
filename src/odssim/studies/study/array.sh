#!/bin/bash
# Submit from this folder: sbatch array.sh. A task that was cut short goes on when it is submitted again.
# When all are done: odssim batch merge . --store FILE
#SBATCH --job-name=odssim
#SBATCH --array=1-N_SHARDS
#SBATCH --cpus-per-task=1
#SBATCH --output=%x-%A_%a.log
exec odssim batch work "${SLURM_SUBMIT_DIR:-.}" "$SLURM_ARRAY_TASK_ID" --workers "${SLURM_CPUS_PER_TASK:-1}"
