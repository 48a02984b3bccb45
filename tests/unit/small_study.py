"""A small sound study as CSV files, into which tests plant mistakes."""

from __future__ import annotations

from pathlib import Path

from entrepot.errors import Problem
from entrepot.study import check_study

TABLES = {
    "countries": "country,name\nAZ,Azerbaijan\nBY,Belarus\n",
    "blocs": "bloc,country\neaeu,BY\n",
    "places": (
        "place,country,latitude,longitude\nminsk,BY,53.9,27.6\nbaku,AZ,40.4,49.9\nalat,AZ,,\n"
    ),
    "goods": "good,hs\npotash,310420\nbutter,040510\n",
    "legs": (
        "leg,origin,destination,mode,cost,capacity,two_way\n"
        "rail,minsk,alat,rail,30,100,true\n"
        "last,alat,baku,road,5,,\n"
    ),
    "transfers": "from_leg,to_leg,cost\nrail,last,1\n",
    "leg_goods": "leg,good,cost\nrail~,potash,31\n",
    "corridors": "corridor,leg\nsouth,rail\nsouth,last\n",
    "offers": "place,good,quantity,price,curve\nminsk,potash,50,200,\nminsk,butter,,,dairy\n",
    "bids": "place,good,quantity,price\nbaku,potash,40,300\nbaku,butter,3,900\n",
    "curves": "curve,quantity,price\ndairy,0,500\ndairy,10,600\n",
    "consignments": "consignment,good,origin,destination,quantity\nc1,potash,minsk,baku,5\n",
    "recipes": "recipe,good,amount\nrefine,potash,-1.1\nrefine,butter,1\n",
    "plants": "plant,place,recipe,capacity\nworks,alat,refine,10\n",
    "warehouses": "place,good,capacity\nbaku,potash,20\n",
    "duties": ("duty,good,origin,destination,ad_valorem\nfood,04,BY,AZ,0.05\nall,*,eaeu,AZ,0.1\n"),
    "quotas": "quota,good,origin,destination,leg,quantity\nq1,potash,BY,AZ,rail,90\n",
    "bans": "ban,good,via\nb1,butter,last\n",
    "relations": "relation,a,b,weight\nr1,AZ,BY,0.5\n",
    "trade": "period,reporter,partner,flow,hs,value\n2023,BY,AZ,export,310420,1000\n",
    "observed": "observation,kind,target,good,quantity\no1,destination,AZ,potash,40\n",
    "targets": "target,reporter,partner,date,value\nt1,AZ,BY,2026,500\n",
    "projects": "project,adds,capital,ramp,shares\np1,rail,1000,0.5;1,AZ:0.5;BY:0.5\n",
    "sessions": "session,date\ns1,2024-03-01\n",
    "decisions": "decision,session,title\nd1,s1,Ship more\n",
    "commitments": "commitment,decision,title,good,quantity\nk1,d1,Ship,potash,5\n",
    "claims": "claim,value,low,high,quantity\ncl1,450,400,500,turnover.AZ.BY\n",
}
"""Every table but `periods`; each row of it in order."""

SETTINGS = 'title = "A small study"\nperiod = "2023"\n'


def write_small(folder: Path, **tables: str | None) -> Path:
    """The small study with some tables replaced, or left out where None."""
    folder.mkdir(parents=True, exist_ok=True)
    (folder / "study.toml").write_text(SETTINGS, encoding="utf-8")
    for name, text in {**TABLES, **tables}.items():
        if text is not None:
            (folder / f"{name}.csv").write_text(text, encoding="utf-8")
    return folder


def problems_in(folder: Path, **tables: str | None) -> tuple[Problem, ...]:
    """Everything wrong with the small study once some tables are replaced."""
    return check_study(write_small(folder, **tables))


def edited(table: str, old: str, new: str) -> dict[str, str]:
    """One table of the small study with one text replaced."""
    text = TABLES[table]
    assert text.count(old) == 1, f"{old!r} stands {text.count(old)} times in {table}"
    return {table: text.replace(old, new)}
