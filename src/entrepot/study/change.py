"""Making one change to a set of tables."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

import polars as pl

from entrepot.errors import Problem
from entrepot.schema import TABLES, Column, Table, table_named
from entrepot.study.scenario import Change
from entrepot.tables import remedies
from entrepot.tables.cells import converted, same
from entrepot.tables.nearest import nearest
from entrepot.tables.normalise import KINDS_IN_WORDS, companion, normalise
from entrepot.tables.read_frames import from_frame, series_of
from entrepot.tables.sheet import shown

Frames = Mapping[str, pl.DataFrame]

WAY_BACK = "~"


class ChangeError(Exception):
    """A change that cannot be made; carries why."""

    def __init__(self, problem: Problem) -> None:
        super().__init__(str(problem))
        self.problem = problem


def changed(tables: Frames, change: Change, file: str, label: str) -> dict[str, pl.DataFrame]:
    """The tables after one change; tables that it does not touch are the same objects.

    Raises
    ------
    ChangeError : the change matches no row, or a value does not fit its column
    """
    return _Making(tables, change, file, label).tables()


class _Making:
    """One change being made, with what its errors need to be told well."""

    def __init__(self, tables: Frames, change: Change, file: str, label: str) -> None:
        self.before = tables
        self.change = change
        self.table: Table = table_named(change.table)
        self.frame = tables[change.table]
        self.file = file
        self.label = label

    def tables(self) -> dict[str, pl.DataFrame]:
        after = dict(self.before)
        if self.change.add:
            rows = from_frame(list(self.change.add), self.table, self.file)
            sheet, problems = normalise(rows)
            if problems:
                raise ChangeError(self._from_rows(problems[0]))
            joined = pl.concat([self.frame, sheet.frame], how="diagonal")
            after[self.table.name] = joined
            return after
        picked = self._picked()
        if self.change.remove:
            after[self.table.name] = self.frame.filter(~picked)
            self._take_followers(after, picked)
            return after
        frame = self._set(picked) if self.change.set else self._scale(picked)
        after[self.table.name] = frame
        return after

    def _error(self, key: str, message: str, cure: str, value: object = None) -> ChangeError:
        place = f"{self.label}, {key}"
        return ChangeError(Problem(self.file, None, place, shown(value), message, cure))

    def _from_rows(self, problem: Problem) -> Problem:
        """A problem with a row to be added, told as a problem of the change."""
        number = 1 if problem.row is None else max(problem.row - 1, 1)
        place = f"{self.label}, add, row {number}"
        if problem.column is not None:
            place += f", {problem.column}"
        return Problem(self.file, None, place, problem.value, problem.message, problem.remedy)

    def _picked(self) -> pl.Series:
        """Which rows the change works on, shape (rows,)."""
        picked = same(True, pl.Boolean(), self.frame.height)
        for name, wanted in self.change.where.items():
            alone = self._matches(name, wanted)
            if not alone.any():
                raise self._nothing(name, wanted)
            picked = picked & alone
        if not picked.any():
            cure = "change what where asks for: no row fits all of it"
            raise self._error("where", f"matches no row of {self.table.name}", cure)
        return picked

    def _nothing(self, name: str, wanted: object) -> ChangeError:
        frame, column = self.frame, name
        if name == "corridor" and self.table.name == "legs":
            frame = self.before["corridors"]
        texts = [shown(value) or "" for value in frame[column].drop_nulls().unique()]
        first = next(iter(wanted), "") if isinstance(wanted, list | tuple) else wanted
        guess = nearest(shown(first) or "", texts)
        cure = f"did you mean {guess!r}?" if guess else f"no row of {self.table.name} has it"
        return self._error(f"where.{name}", f"matches no row of {self.table.name}", cure, first)

    def _matches(self, name: str, wanted: object) -> pl.Series:
        values = list(wanted) if isinstance(wanted, list | tuple | set | frozenset) else [wanted]
        if name == "corridor" and self.table.name == "legs":
            corridors = self.before["corridors"]
            legs = corridors.filter(corridors["corridor"].is_in([str(v) for v in values]))["leg"]
            return self.frame["leg"].is_in(legs.str.strip_suffix(WAY_BACK).unique().to_list())
        cells = self.frame[name] if name in self.frame.columns else None
        if cells is None:
            return same(False, pl.Boolean(), self.frame.height)
        fitting = self._converted("where", name, values)
        matched = cells.is_in(fitting.drop_nulls().to_list()).fill_null(False)
        return matched | cells.is_null() if fitting.null_count() else matched

    def _converted(self, key: str, name: str, values: list[Any]) -> pl.Series:
        column = self._column(name)
        way_back = "legs" in column.refers_to
        cells, bad = converted(series_of(name, values), column.kind, way_back=way_back)
        for index in bad.arg_true().to_list():
            text = shown(values[index]) or ""
            cure = remedies.for_kind(text, column)
            raise self._error(f"{key}.{name}", KINDS_IN_WORDS[column.kind], cure, text)
        return cells

    def _column(self, name: str) -> Column:
        column = self.table.column(name)
        return column if column is not None else companion(name, self.table.companions()[name])

    def _set(self, picked: pl.Series) -> pl.DataFrame:
        """New values; the range and basis of a figure go with the figure they belong to."""
        frame = self.frame
        for name, value in self.change.set.items():
            cells = self._converted("set", name, [value])
            if name not in frame.columns:
                frame = frame.with_columns(pl.lit(None, dtype=cells.dtype).alias(name))
            chosen = cells.new_from_index(0, frame.height)
            frame = frame.with_columns(chosen.zip_with(picked, frame[name]).alias(name))
            for ending in ("_low", "_high", "_basis"):
                beside = name + ending
                if beside in frame.columns and beside not in self.change.set:
                    blank = same(None, frame[beside].dtype, frame.height)
                    frame = frame.with_columns(blank.zip_with(picked, frame[beside]).alias(beside))
        return frame

    def _scale(self, picked: pl.Series) -> pl.DataFrame:
        """Numbers times a factor, their ranges with them; a blank stays blank."""
        frame = self.frame
        for name, factor in self.change.scale.items():
            if name not in frame.columns or not (picked & frame[name].is_not_null()).any():
                cure = "use set to give a number first"
                raise self._error(f"scale.{name}", "is blank in every row that is picked", cure)
            low, high = name + "_low", name + "_high"
            for column in (name, low, high):
                if column in frame.columns:
                    scaled = (frame[column] * factor).cast(frame[column].dtype)
                    frame = frame.with_columns(scaled.zip_with(picked, frame[column]).alias(column))
            if factor < 0 and low in frame.columns and high in frame.columns:
                swapped = frame[high].zip_with(picked, frame[low]).alias(low)
                frame = frame.with_columns(
                    swapped, frame[low].zip_with(picked, frame[high]).alias(high)
                )
        return frame

    def _take_followers(self, after: dict[str, pl.DataFrame], picked: pl.Series) -> None:
        """Rows that only say something about a removed row go with it."""
        key = self.table.key[0] if self.table.key else None
        if key is None:
            return
        gone = set(self.frame[key].filter(picked)) - set(after[self.table.name][key])
        if self.table.name == "legs":
            gone |= {f"{leg}{WAY_BACK}" for leg in gone}
        for table in TABLES:
            for column in table.columns:
                if column.follows and self.table.name in column.refers_to:
                    frame = after[table.name]
                    after[table.name] = frame.filter(
                        ~frame[column.name].is_in(list(gone)).fill_null(False)
                    )
