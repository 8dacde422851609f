"""The notebooks in the documentation run, and show what they print; a researcher's story from tables to a dataset.

``python tests/test_notebooks.py`` writes what the cells print now into the notebooks: read the difference.
"""

from __future__ import annotations

import ast
import contextlib
import io
import json
import tempfile
from pathlib import Path

import matplotlib as mpl
import pytest
import xarray as xr

from tests.test_docs import DOCS, prints

mpl.use("agg")
NOTEBOOKS = sorted((DOCS / "notebooks").glob("*.ipynb"))


def run_cells(path, folder):
    """Return the code cells of a notebook with what each prints, run beside the documentation's tables."""
    (folder / "tables").symlink_to(DOCS / "tables")
    place = folder / "notebooks"
    place.mkdir()
    namespace = {"__name__": path.stem}
    done = []
    with contextlib.chdir(place):
        for number, cell in enumerate(json.loads(path.read_text(encoding="utf-8"))["cells"]):
            if cell["cell_type"] == "code":
                done.append(
                    (
                        number,
                        cell,
                        run_cell("".join(cell["source"]), f"{path.name} cell {number}", namespace),
                    )
                )
    return done, namespace


def run_cell(source, name, namespace):
    """Return what a cell prints, and what its last line is worth."""
    tree = ast.parse(source)
    last = tree.body.pop() if tree.body and isinstance(tree.body[-1], ast.Expr) else None
    printed = io.StringIO()
    with contextlib.redirect_stdout(printed):
        exec(compile(tree, name, "exec"), namespace)  # noqa: S102 - the notebook's own code
        value = eval(compile(ast.Expression(last.value), name, "eval"), namespace) if last else None  # noqa: S307
        if value is not None:
            print(repr(value))
    return printed.getvalue()


def shown(cell):
    """Return the text of a cell's output as the notebook keeps it."""
    return "".join(line for output in cell["outputs"] for line in output.get("text", []))


@pytest.mark.parametrize("path", NOTEBOOKS, ids=lambda path: path.name)
def test_a_notebook_prints_what_it_shows(path, tmp_path):
    """Every cell runs in order, from nothing, and prints the output that is kept with it."""
    cells, _ = run_cells(path, tmp_path)
    assert len(cells) > 3
    for number, cell, printed in cells:
        assert prints(shown(cell), printed), (
            f"cell {number} shows\n{shown(cell)}\nand prints\n{printed}"
        )


def test_the_researcher_goes_from_tables_to_a_figure_and_a_dataset_in_20_lines(tmp_path):
    """Tables in, a figure and a dataset out, which holds every tonne of the inventory."""
    cells, names = run_cells(DOCS / "notebooks" / "tables_to_dataset.ipynb", tmp_path)
    lines = [
        line
        for _, cell, _ in cells
        for line in "".join(cell["source"]).splitlines()
        if line.strip()
    ]
    assert len(lines) <= 20
    figure = tmp_path / "notebooks" / "emissions.png"
    assert figure.read_bytes().startswith(b"\x89PNG")
    assert figure.stat().st_size > 5000
    with xr.open_dataset(tmp_path / "notebooks" / "inventory.nc", engine="h5netcdf") as dataset:
        assert dataset.attrs["cat"] == "category (IPCC2006)"
        totals = names["inventory"].by("gas").set_index("gas")["value"]
        assert set(dataset) == set(totals.index) == {"CO2", "CH4", "N2O"}
        for gas, one in dataset.items():
            assert float(one.sum()) == pytest.approx(totals[gas], rel=1e-12)


def update(path):
    """Write what a notebook's cells print into it."""
    held = json.loads(path.read_text(encoding="utf-8"))
    with tempfile.TemporaryDirectory() as folder:
        for count, (number, _, printed) in enumerate(run_cells(path, Path(folder))[0], start=1):
            text = [f"{line.rstrip()}\n" for line in printed.splitlines()]
            outputs = [{"name": "stdout", "output_type": "stream", "text": text}] if text else []
            held["cells"][number] |= {"execution_count": count, "outputs": outputs}
    path.write_text(json.dumps(held, ensure_ascii=False, indent=1) + "\n", encoding="utf-8")


if __name__ == "__main__":
    for notebook in NOTEBOOKS:
        update(notebook)
