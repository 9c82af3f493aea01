import re
from pathlib import Path

import nbformat
import pytest
from nbclient import NotebookClient

NOTEBOOK = Path(__file__).parents[1] / "notebooks" / "model-training.ipynb"


def test_outputs_are_not_kept_in_git_and_every_part_is_explained() -> None:
    notebook = nbformat.read(NOTEBOOK, as_version=4)

    code = [cell for cell in notebook.cells if cell.cell_type == "code"]
    headings = [cell.source.splitlines()[0] for cell in notebook.cells if cell.source.startswith("## ")]
    assert all(cell.outputs == [] and cell.execution_count is None for cell in code)
    assert [heading.split(" · ")[0] for heading in headings] == [f"## {number}" for number in range(1, 8)]


# Jupyter's own client leaves sockets and an event loop to the garbage collector.
@pytest.mark.filterwarnings("ignore::ResourceWarning", "ignore::pytest.PytestUnraisableExceptionWarning")
def test_goes_from_data_to_a_published_artifact(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("TMPDIR", str(tmp_path))
    monkeypatch.setenv("IPYTHONDIR", str(tmp_path / "ipython"))
    monkeypatch.setenv("JUPYTER_PLATFORM_DIRS", "1")
    notebook = nbformat.read(NOTEBOOK, as_version=4)

    NotebookClient(notebook, timeout=300, kernel_name="python3", resources={"metadata": {"path": tmp_path}}).execute()

    printed = "".join(
        output.text for cell in notebook.cells for output in cell.get("outputs", []) if output.output_type == "stream"
    )
    pictures = [
        output for cell in notebook.cells for output in cell.get("outputs", []) if "image/png" in output.get("data", {})
    ]
    assert "published trend version 1, stable points at 1" in printed
    assert re.search(r"hemline +MASE \d", printed)
    assert len(pictures) == 4
    assert len(list(tmp_path.glob("hemline-*/store/trend/versions/1/manifest.json"))) == 1
