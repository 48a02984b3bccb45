"""How soon the atlas of a large study is seen and filtered; writes docs/benchmarks-atlas.md.

``python benchmarks/atlas.py [--times N] [--out FILE]``. A drawn study of 10,000 legs is served by
`entrepot view`; each opening is a browser process of its own, drawing without a graphics card. No
peer opens the same tables, so the figures are seconds: they stand beside the limits that the atlas
is held to on two cores.
"""

from __future__ import annotations

import argparse
import os
import statistics
import sys
import tempfile
from collections.abc import Iterator
from pathlib import Path

ROOT = Path(__file__).resolve().parent.parent
sys.path.insert(0, str(ROOT))

from benchmarks.markets import SIZES, draw  # noqa: E402
from benchmarks.studies import study_of  # noqa: E402
from entrepot.study import write_study  # noqa: E402
from tests.browser.seen import CHROMIUM, FLAGS, opened, serve  # noqa: E402

PLACES, GOODS, LEGS = 2_000, 3, 10_000
FIRST_MAP, FILTERED = 3.0, 0.2

# Writes into the table's filter and waits until what it leaves is drawn.
FILTER = """async (text) => {
  const input = document.querySelector('input[type=search]');
  const began = performance.now();
  input.value = text;
  input.dispatchEvent(new Event('input', { bubbles: true }));
  await new Promise((done) => requestAnimationFrame(() => setTimeout(done)));
  return (performance.now() - began) / 1000;
}"""

PAGE = """# The atlas of a large study

<!-- written by `make bench`; edit benchmarks/atlas.py instead -->

A drawn study of {places:,} places, {goods} goods and {legs:,} legs, opened in Chromium without a
graphics card on {cores} cores, {times} times, each in a browser process of its own. *First map*:
from asking for the page until what flows, the places and their names are seen, when the server has
the answer already. *Filter*: from a key until the rows that are left are drawn.

| what | least, s | middle, s | most, s | limit, s |
|---|---:|---:|---:|---:|
| first map | {first} | {first_map:.1f} |
| filter | {filtered} | {filter_limit:.1f} |
"""


def openings(address: str, times: int) -> Iterator[tuple[float, list[float]]]:
    """Seconds to the first map, and of each filter, of one opening after the other."""
    from playwright.sync_api import sync_playwright

    with sync_playwright() as playwright:
        for number in range(times + 1):
            browser = playwright.chromium.launch(executable_path=CHROMIUM, args=list(FLAGS))
            page = opened(browser, address).page
            first = float(page.evaluate("performance.now()")) / 1000
            page.wait_for_timeout(1500)
            found = [float(page.evaluate(FILTER, text)) for text in ("g00001", "p0001", "l", "")]
            browser.close()
            print(f"opened {number} of {times} in {first:.2f} s", file=sys.stderr, flush=True)
            # The first waits for the clearing.
            if number:
                yield first, found


def row(seconds: list[float]) -> str:
    """Least, middle and greatest of some seconds."""
    told = (min(seconds), statistics.median(seconds), max(seconds))
    return " | ".join(f"{each:.2f}" for each in told)


def main() -> None:
    options = argparse.ArgumentParser(description=__doc__)
    options.add_argument("--times", type=int, default=7)
    options.add_argument("--out", type=Path, default=ROOT / "docs" / "benchmarks-atlas.md")
    chosen = options.parse_args()
    if CHROMIUM is None:
        sys.exit("there is no chromium here to open the atlas with")
    SIZES["atlas"] = (PLACES, GOODS, LEGS)
    with tempfile.TemporaryDirectory() as folder:
        write_study(study_of(draw("atlas")), Path(folder) / "large")
        served = serve(str(Path(folder) / "large"), "--keep", str(Path(folder) / "kept"))
        try:
            found = list(openings(f"{served.address}/?table=flows", chosen.times))
        finally:
            served.end()
    text = PAGE.format(
        places=PLACES,
        goods=GOODS,
        legs=LEGS,
        cores=os.cpu_count() or 1,
        times=chosen.times,
        first=row([first for first, _ in found]),
        filtered=row([each for _, filters in found for each in filters]),
        first_map=FIRST_MAP,
        filter_limit=FILTERED,
    )
    chosen.out.write_text(text, encoding="utf-8")
    print(f"written: {chosen.out.name}", file=sys.stderr)


if __name__ == "__main__":
    main()
