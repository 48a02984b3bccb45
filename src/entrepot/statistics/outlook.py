"""Outlook: how much complexity lies near a country, and what a product would add to it.

    COI_c = sum over k of density_ck (1 - M_ck) PCI_k
    COG_ck = sum over l other than k of phi_kl / sum of phi_l (1 - M_cl) PCI_l - density_ck PCI_k

(Hausmann et al. 2014, The Atlas of Economic Complexity, technical box 2.4: complexity outlook index
and gain, with distance written as 1 - density.) Without the product itself in the sum, the gain is
exactly by how much the outlook changes when the country begins to export it: that is checked.
"""

from __future__ import annotations

import numpy as np
import numpy.typing as npt
import polars as pl

from entrepot.statistics.certificate import Measure, certified
from entrepot.statistics.complexity import Complexity, refuse_unknown
from entrepot.statistics.grid import Floats
from entrepot.statistics.proximity import around


def outlook(found: Complexity) -> Measure:
    """COI of every country.

    Returns
    -------
    Table (country, outlook, eci), the best outlook first

    Raises
    ------
    CertificateError : the outlook by density is not that by distance
    """
    phi = found.phi
    coi = (around(found.has, phi) * (1.0 - found.has)) @ found.pci
    distant = ((1.0 - around(1.0 - found.has, phi)) * (1.0 - found.has)) @ found.pci
    table = pl.DataFrame({"country": found.countries, "outlook": coi, "eci": found.eci}).sort(
        "outlook", "country", descending=[True, False]
    )
    identity = "the outlook by density is that by distance"
    return certified("outlook", table, identity, (coi, distant), notes=found.notes)


def outlook_gain(found: Complexity, reporter: str) -> Measure:
    """COG of every product in which a country has no advantage yet.

    Returns
    -------
    Table (hs, pci, density, gain), the largest gain first

    Raises
    ------
    StatisticsError : no such country
    CertificateError : a gain is not the change of the outlook
    """
    refuse_unknown(found, reporter)
    phi = found.phi
    mine = found.has[found.countries.index(reporter)]
    omega = around(mine[None, :], phi)[0]
    missing = (1.0 - mine) * found.pci
    reach = (phi / phi.sum(axis=0)) @ missing
    gain = reach - missing * np.diag(phi) / phi.sum(axis=0) - omega * found.pci
    wanted = np.flatnonzero(mine == 0)
    probe = wanted[np.linspace(0, len(wanted) - 1, min(len(wanted), 50)).astype(int)]
    checked = _changes(mine, phi, found.pci, probe)
    table = pl.DataFrame(
        {
            "hs": [found.goods[k] for k in wanted],
            "pci": found.pci[wanted],
            "density": omega[wanted],
            "gain": gain[wanted],
        },
        schema={"hs": pl.String, "pci": pl.Float64, "density": pl.Float64, "gain": pl.Float64},
    ).sort("gain", "hs", descending=[True, False])
    identity = "a product's gain is the change of the outlook once it is exported"
    scale = max(1.0, float(np.abs(omega * missing).sum()))
    return certified("outlook-gain", table, identity, (gain[probe], checked), scale=scale,
                     notes=found.notes)  # fmt: skip


def _changes(mine: Floats, phi: Floats, pci: Floats, added: npt.NDArray[np.int64]) -> Floats:
    """The outlook with a product less that without it, from the definition; shape of `added`."""
    more = np.tile(mine, (len(added) + 1, 1))
    more[np.arange(len(added)), added] = 1.0
    outlooks = (around(more, phi) * (1.0 - more)) @ pci
    changes: Floats = outlooks[:-1] - outlooks[-1]
    return changes
