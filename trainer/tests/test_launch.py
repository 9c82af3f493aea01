import subprocess
import sysconfig
from pathlib import Path
from typing import Any

import pytest
import yaml
from kubeflow_trainer_api.models import TrainerV1alpha1TrainJob

LAUNCH = Path(__file__).parents[1] / "launch"
SHELLCHECK = Path(sysconfig.get_path("scripts")) / "shellcheck"


def job() -> dict[str, Any]:
    read = yaml.safe_load((LAUNCH / "trainjob.yaml").read_text(encoding="utf-8"))
    assert isinstance(read, dict)
    return read


def fits(document: dict[str, Any]) -> bool:
    """Whether Kubeflow's own model of the resource takes the document and drops nothing of it."""
    return bool(TrainerV1alpha1TrainJob.from_dict(document).to_dict() == document)


def test_the_job_for_kubernetes_is_a_train_job_in_which_kubeflow_knows_every_key() -> None:
    assert (job()["apiVersion"], job()["kind"]) == ("trainer.kubeflow.org/v1alpha1", "TrainJob")
    assert fits(job())


def test_a_key_that_kubeflow_does_not_know_or_a_wrong_type_would_be_seen() -> None:
    misspelt, mistyped = job(), job()
    misspelt["spec"]["trainer"]["numNode"] = misspelt["spec"]["trainer"].pop("numNodes")
    mistyped["spec"]["trainer"]["numNodes"] = "two"

    assert not fits(misspelt)
    with pytest.raises(ValueError, match="numNodes"):
        fits(mistyped)


def test_the_script_for_slurm_is_whole_and_without_a_complaint_of_shellcheck() -> None:
    script = str(LAUNCH / "slurm.sbatch")

    for words in (["bash", "-n", script], [str(SHELLCHECK), script]):
        printed = subprocess.run(words, capture_output=True, text=True, check=False)  # noqa: S603
        assert (printed.returncode, printed.stdout, printed.stderr) == (0, "", "")


FAKE_SRUN = """#!/bin/bash
printf '%s ' "$@" > "$SAID"
[ -z "${MAKES:-}" ] || { mkdir -p "$MAKES"; touch "$MAKES/forecaster.pt"; }
exit "${ENDS:-0}"
"""
FAKE_SCONTROL = """#!/bin/bash
if [ "$1" = show ]; then printf 'node-a\\nnode-b\\n'; else echo "$@" > "$REQUEUED"; fi
"""


def submitted(tmp_path: Path, **environment: str) -> tuple[int, str, bool]:
    """Runs the script as a job step would, with stand-ins for `srun` and `scontrol`: exit code, words, requeued."""
    for name, text in {"srun": FAKE_SRUN, "scontrol": FAKE_SCONTROL}.items():
        (tmp_path / name).write_text(text, encoding="utf-8")
        (tmp_path / name).chmod(0o755)
    printed, requeued = tmp_path / "printed", tmp_path / "requeued"
    slurm = {"SLURM_NNODES": "2", "SLURM_GPUS_ON_NODE": "4", "SLURM_JOB_ID": "7", "SLURM_JOB_NODELIST": "node-[a-b]"}
    ran = subprocess.run(  # noqa: S603
        ["/bin/bash", str(LAUNCH / "slurm.sbatch"), "mine.toml", str(tmp_path / "run")],
        env={
            "PATH": f"{tmp_path}:/usr/bin:/bin",
            "SAID": str(printed),
            "REQUEUED": str(requeued),
            **slurm,
            **environment,
        },
        capture_output=True,
        text=True,
        check=False,
    )
    assert printed.exists(), ran.stderr
    return ran.returncode, printed.read_text(encoding="utf-8"), requeued.exists()


def test_the_script_starts_as_many_processes_as_there_are_gpus_and_lets_them_meet(tmp_path: Path) -> None:
    code, printed, requeued = submitted(tmp_path)

    assert (code, requeued) == (0, False)
    assert "--nnodes 2 --nproc-per-node 4" in printed
    assert "--rdzv-endpoint node-a:29500" in printed
    assert printed.endswith(f"train --config mine.toml --out {tmp_path / 'run'} ")


def test_a_job_that_was_stopped_is_queued_again_and_goes_on(tmp_path: Path) -> None:
    stopped = submitted(tmp_path, ENDS="143", MAKES=str(tmp_path / "run"))
    (tmp_path / "requeued").unlink()
    again = submitted(tmp_path)

    assert (stopped[0], stopped[2]) == (143, True)
    assert again[1].rstrip().endswith("--resume")
    assert (again[0], again[2]) == (0, False)
