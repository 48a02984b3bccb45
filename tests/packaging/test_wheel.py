"""The built wheel works on its own: in an empty environment, outside the checkout, without network.

`make test` collects the wheels of the dependencies when it installs, so that this test needs none.
"""

from __future__ import annotations

import subprocess
import sys
import zipfile
from pathlib import Path

import pytest

ROOT = Path(__file__).resolve().parents[2]
WHEELS = Path(sys.prefix) / "wheels"

pytestmark = pytest.mark.slow


@pytest.fixture(scope="module")
def wheel(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """The wheel of the checkout, by way of the sdist, as a release would be built."""
    dist = tmp_path_factory.mktemp("dist")
    _run(sys.executable, "-m", "build", "--no-isolation", "--outdir", dist, ROOT)
    return next(dist.glob("*.whl"))


def test_the_wheel_carries_the_package_and_the_studies(wheel: Path) -> None:
    names = zipfile.ZipFile(wheel).namelist()

    assert "entrepot/py.typed" in names
    assert "entrepot/studies/caspian/study.toml" in names
    assert "entrepot/studies/caspian/NOTICE.md" in names
    assert "entrepot/report/page.html.j2" in names
    assert "entrepot/telling/en.json" in names
    # The basemap is built, not kept: the wheel has it where the checkout has.
    basemap = ROOT / "src" / "entrepot" / "drawing" / "countries-110m.json"
    assert ("entrepot/drawing/countries-110m.json" in names) is basemap.is_file()
    page = ROOT / "src" / "entrepot" / "web" / "built" / "index.html"
    assert ("entrepot/web/built/index.html" in names) is page.is_file()
    assert ("entrepot/web/built/licences.md" in names) is page.is_file()
    built = [each for each in zipfile.ZipFile(wheel).infolist() if "/web/built/" in each.filename]
    assert sum(each.file_size for each in built) < 3_000_000
    assert any(name.endswith("licenses/LICENSE") for name in names)
    assert {name.split("/")[0].split("-")[0] for name in names} == {"entrepot"}


def test_the_wheel_runs_the_demo_where_nothing_else_is(wheel: Path, tmp_path: Path) -> None:
    assert WHEELS.is_dir(), "run `make test` once: it collects the wheels of the dependencies"
    _run(sys.executable, "-m", "venv", tmp_path / "venv")
    python = tmp_path / "venv" / "bin" / "python"
    offline: list[str | Path] = [
        "--no-index",
        "--find-links",
        WHEELS,
        "--disable-pip-version-check",
        "--quiet",
    ]
    _run(python, "-m", "pip", "install", *offline, wheel)
    command = tmp_path / "venv" / "bin" / "entrepot"

    studies = _run(command, "studies", cwd=tmp_path)
    demo = _run(command, "demo", "--out", "answer", cwd=tmp_path)

    assert "caspian" in studies
    assert "Potash" in demo
    assert (tmp_path / "answer").is_dir()
    assert 0 < (tmp_path / "answer" / "report.html").stat().st_size < 2_000_000


def _run(*command: str | Path, cwd: Path | None = None) -> str:
    words = [str(word) for word in command]
    done = subprocess.run(words, cwd=cwd, capture_output=True, text=True)
    assert done.returncode == 0, f"{' '.join(words)}\n{done.stdout}\n{done.stderr}"
    return done.stdout
