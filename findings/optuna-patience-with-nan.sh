#!/usr/bin/env bash
# Optuna 5.0.0: PatientPruner never prunes a run whose metric has become NaN, and SuccessiveHalvingPruner not at its first NaN.
#
# PatientPruner compares the best values before and within its patience by nanmax, and a comparison with NaN is false: a network that has diverged
# trains to its end, while one that has got a little worse is stopped. MedianPruner stops a run that is NaN from the start, as its documentation says
# of all; ThresholdPruner at each. Whoever tunes rates should report a bad finite value, or stop diverged runs themselves.
set -euo pipefail
folder=$(mktemp -d)
trap 'rm -rf "$folder"' EXIT
cd "$folder"
python3 -m venv python
python/bin/pip install --quiet --disable-pip-version-check optuna==5.0.0
cat >try.py <<'EOF'
import warnings

import optuna

optuna.logging.set_verbosity(optuna.logging.ERROR)
warnings.simplefilter("ignore")
nan = float("nan")


def pruned(pruner, values):
    """At which of the values the pruner stops a run that comes after five good ones."""
    study = optuna.create_study(direction="maximize", pruner=pruner)
    for best in [0.5, 0.6, 0.7, 0.8, 0.9]:
        trial = study.ask()
        for step in range(len(values)):
            trial.report(best, step)
        study.tell(trial, best)
    trial, stops = study.ask(), []
    for step, value in enumerate(values):
        trial.report(value, step)
        stops.append(bool(trial.should_prune()))
    return "stops at step " + str(stops.index(True)) if True in stops else "never stops"


worse, diverged, nan_only = [0.5] + [0.4] * 7, [0.5] + [nan] * 7, [nan] * 8
patient = lambda: optuna.pruners.PatientPruner(None, patience=1)
print("seen: PatientPruner: worse after the first step:", pruned(patient(), worse))
print("seen: PatientPruner: NaN after the first step:", pruned(patient(), diverged))
print("seen: PatientPruner: NaN from the start:", pruned(patient(), nan_only))
print("seen: SuccessiveHalvingPruner: NaN from the start:", pruned(optuna.pruners.SuccessiveHalvingPruner(1, 2, 0), nan_only))
print("seen: MedianPruner: NaN from the start:", pruned(optuna.pruners.MedianPruner(5, 0), nan_only))
print("seen: ThresholdPruner: NaN after the first step:", pruned(optuna.pruners.ThresholdPruner(lower=0.0), diverged))
EOF
python/bin/python try.py 2>/dev/null | grep '^seen:' | tee seen
diff seen - <<'EOF' && echo "As described."
seen: PatientPruner: worse after the first step: stops at step 2
seen: PatientPruner: NaN after the first step: never stops
seen: PatientPruner: NaN from the start: never stops
seen: SuccessiveHalvingPruner: NaN from the start: stops at step 1
seen: MedianPruner: NaN from the start: stops at step 0
seen: ThresholdPruner: NaN after the first step: stops at step 1
EOF
