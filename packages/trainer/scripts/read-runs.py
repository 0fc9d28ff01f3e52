"""Prints the runs of an MLflow experiment as MLflow's own client sees them, as JSON."""

import hashlib
import json
import sys
import tempfile

import mlflow
from mlflow import MlflowClient

url, experiment = sys.argv[1:]
mlflow.set_tracking_uri(url)
client = MlflowClient()
found = client.get_experiment_by_name(experiment)


def artifacts(run):
    with tempfile.TemporaryDirectory() as folder:
        sums = {}
        for file in client.list_artifacts(run.info.run_id):
            with open(client.download_artifacts(run.info.run_id, file.path, folder), "rb") as local:
                sums[file.path] = hashlib.sha256(local.read()).hexdigest()
        return sums


print(
    json.dumps(
        {
            "version": mlflow.__version__,
            "runs": {
                run.info.run_name: {
                    "id": run.info.run_id,
                    "status": run.info.status,
                    "start": run.info.start_time,
                    "end": run.info.end_time,
                    "params": run.data.params,
                    "tags": run.data.tags,
                    "metrics": {
                        key: [
                            [point.step, point.value]
                            for point in client.get_metric_history(run.info.run_id, key)
                        ]
                        for key in run.data.metrics
                    },
                    "artifacts": artifacts(run),
                }
                for run in client.search_runs([found.experiment_id])
            },
        }
    )
)
