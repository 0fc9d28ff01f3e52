"""Optuna's samplers and pruners for bioflax: a line of JSON in, a line of JSON out.

Each request has what to `do`: `open` a study, `ask` for a trial, `report` a value of it, `tell` how it ended. The answer is
`{"ok": …}` or `{"error": text}`. Trials are kept in a journal, so that a study goes on where it was.
"""

import json
import sys

try:
    import optuna
except ImportError as error:
    print(json.dumps({"error": f"missing: {error}"}), flush=True)
    sys.exit(3)

from optuna.distributions import CategoricalDistribution, FloatDistribution, IntDistribution
from optuna.storages import JournalStorage
from optuna.storages.journal import JournalFileBackend
from optuna.trial import Trial, TrialState

optuna.logging.set_verbosity(optuna.logging.WARNING)


def distribution(given):
    """The distribution of a setting; choices are told apart by their JSON, for they may be lists."""
    kind = given["kind"]
    if kind == "choices":
        return CategoricalDistribution([json.dumps(choice) for choice in given["choices"]])
    if kind == "integers":
        return IntDistribution(given["from"], given["to"])
    return FloatDistribution(given["from"], given["to"], log=kind == "logUniform")


def named(module, suffix, name, **options):
    """An object of a class of Optuna's, by the class's name without its end; options that it lacks are left out."""
    classes = [one for one in dir(module) if one.endswith(suffix) and not one.startswith("Base")]
    known = {one[: -len(suffix)].lower(): one for one in classes}
    found = known.get(name.lower().removesuffix(suffix.lower()))
    if found is None:
        names = ", ".join(sorted(one[: -len(suffix)] for one in classes))
        raise ValueError(f'expected the name of a {suffix.lower()} ({names}), received "{name}"')
    make = getattr(module, found)
    while True:
        try:
            return make(**options)
        except TypeError as error:
            if not options or "unexpected keyword" not in str(error):
                raise ValueError(f"{found} cannot be made without options of its own: {error}") from error
            options = {}


class Bridge:
    def open(self, request):
        storage = JournalStorage(JournalFileBackend(request["journal"]))
        name = request["name"]
        existing = optuna.study.get_all_study_names(storage)
        number = len(storage.get_all_trials(storage.get_study_id_from_name(name))) if name in existing else 0
        # A sampler that is made again would propose its first points again.
        sampler = named(optuna.samplers, "Sampler", request["sampler"], seed=request["seed"] + number)
        pruner = named(optuna.pruners, "Pruner", request["pruner"]) if request.get("pruner") else optuna.pruners.NopPruner()
        self.study = optuna.create_study(
            storage=storage,
            study_name=name,
            direction="minimize" if request["goal"] == "min" else "maximize",
            sampler=sampler,
            pruner=pruner,
            load_if_exists=True,
        )
        self.space = {key: distribution(one) for key, one in request["space"].items()}
        self.trials = {}
        for trial in self.study.get_trials(deepcopy=False, states=[TrialState.RUNNING]):
            # A trial of a process that was killed goes on; one that had not got its values yet is nobody's.
            if set(trial.params) == set(self.space):
                self.trials[trial.number] = Trial(self.study, trial._trial_id)
            else:
                self.study.tell(trial.number, state=TrialState.FAIL)
        return {"version": optuna.__version__, "trials": [self.shown(one) for one in self.study.get_trials(deepcopy=False)]}

    def shown(self, trial):
        choices = [key for key, one in self.space.items() if isinstance(one, CategoricalDistribution)]
        params = {key: json.loads(value) if key in choices else value for key, value in trial.params.items()}
        return {"number": trial.number, "state": trial.state.name.lower(), "values": params}

    def ask(self, request):
        trial = self.study.ask(self.space)
        self.trials[trial.number] = trial
        return self.shown(self.study.trials[trial.number])

    def report(self, request):
        # A step that was reported before stays as it was.
        trial = self.trials[request["number"]]
        trial.report(request["value"], request["step"])
        return {"prune": bool(trial.should_prune())}

    def tell(self, request):
        number = request["number"]
        if "value" in request:
            self.study.tell(number, request["value"])
        else:
            self.study.tell(number, state=TrialState.PRUNED)
        return {}


bridge = Bridge()
for line in sys.stdin:
    try:
        request = json.loads(line)
        answer = {"ok": getattr(bridge, request["do"])(request)}
    except Exception as error:  # Whatever it is, it is the asker's to tell.
        answer = {"error": f"{type(error).__name__}: {error}"}
    print(json.dumps(answer), flush=True)
