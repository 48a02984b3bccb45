"""`python -m entrepot` is `entrepot`."""

from __future__ import annotations

from entrepot.cli import main

if __name__ == "__main__":
    main()
