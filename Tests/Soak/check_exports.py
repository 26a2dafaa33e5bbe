"""Opens exported runs with the tools that they are for: TensorBoard 2.21.0, MLflow 3.17.2, huggingface_hub 1.

    python3 -m venv venv && venv/bin/pip install tensorboard==2.21.0 mlflow==3.17.2 huggingface_hub setuptools
    venv/bin/python Tests/Soak/check_exports.py .build/release/ecdx STORE

STORE is a folder `.ecdx` with finished runs. Prints what each tool found and ends with 1 where it is not what the run's metrics.csv says.
"""
import csv
import json
import os
import subprocess
import sys
import tempfile

ecdx, store = os.path.abspath(sys.argv[1]), os.path.abspath(sys.argv[2])
work = tempfile.mkdtemp()


def export(form, path):
    subprocess.run([ecdx, "runs", "export", "--store", store, "--as", form, "--to", path], check=True, cwd=work)


export("json", "runs.json")
runs = {run["id"]: run for run in json.load(open(os.path.join(work, "runs.json")))}
assert runs, "no finished run"
courses = {id: list(csv.DictReader(open(os.path.join(store, "runs", id, "metrics.csv")))) for id in runs}

from tensorboard.backend.event_processing.event_accumulator import EventAccumulator

export("tensorboard", "board")
seen = 0
for folder in sorted(os.listdir(os.path.join(work, "board"))):
    id = next(id for id in runs if folder.endswith(id))
    events = EventAccumulator(os.path.join(work, "board", folder)).Reload()
    losses = events.Scalars("train/loss")
    course = [row for row in courses[id] if int(row["epoch"]) > 0]
    assert [event.step for event in losses] == [int(row["epoch"]) for row in course], folder
    assert all(abs(event.value - float(row["train_loss"])) <= 1e-6 * abs(event.value) for event, row in zip(losses, course)), folder
    seen += 1
print(f"TensorBoard: {seen} runs, tags {events.Tags()['scalars'][:4]} ...")
assert seen == len(runs)

export("mlflow", "mlruns")
subprocess.run([os.path.join(os.path.dirname(sys.executable), "mlflow"), "migrate-filestore", "--source", "mlruns", "--target",
                "sqlite:///mlflow.db"], check=True, cwd=work)
os.chdir(work)
import mlflow

mlflow.set_tracking_uri("sqlite:///mlflow.db")
client = mlflow.MlflowClient()
experiment = client.get_experiment_by_name("ecdx")
found = client.search_runs([experiment.experiment_id], max_results=1000)
for run in found:
    id = run.data.tags["ecdx.run"]
    course = [row for row in courses[id] if int(row["epoch"]) > 0]
    losses = sorted(client.get_metric_history(run.info.run_id, "train.loss"), key=lambda metric: metric.step)
    assert [metric.value for metric in losses] == [float(row["train_loss"]) for row in course], id
    assert run.info.status == "FINISHED" and run.data.params["optimizer"]
print(f"MLflow {mlflow.__version__}: {len(found)} runs in the database, parameters {sorted(run.data.params)[:4]} ...")
assert len(found) == len(runs)

from huggingface_hub import ModelCard

export("card", "cards")
for name in sorted(os.listdir("cards")):
    card = ModelCard.load(os.path.join("cards", name))
    results = card.data.eval_results
    assert card.data.library_name == "ecdx" and results and all(result.metric_value is not None for result in results), name
print(f"huggingface_hub: {len(os.listdir('cards'))} cards, the last with {len(results)} results")
