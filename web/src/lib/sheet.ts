import { digitsFor, figure, words } from './telling';
import type { Say } from './telling';
import type { Names, Row, Table, Value } from './types';
import { SCALED, type View } from './views';

export interface Column {
  name: string;
  head: string;
  figures: boolean;
  digits: number;
  /** The currency, where the unit of the row is that of another column; for each unit of it, or in all. */
  money: string;
  each: boolean;
  /** Largest size of all rows, for bars on one scale whatever is filtered. */
  most: number;
}

export interface Line {
  row: Row;
  cells: string[];
  text: string;
}

export interface Sheet {
  /** What a unit is called where rows have different ones. */
  oneUnit: string;
  columns: Column[];
  lines: Line[];
}

/** Columns whose figures are in the unit that the column `unit` tells, and those that are money for one of it. */
const MEASURED = new Set(['quantity', 'left', 'price', 'low', 'high', 'value', 'change', 'base', 'other']);
const PRICED = new Set(['price', 'limit', 'gap']);

/** The unit that all of these rows share, if there is one. */
export function sharedUnit(lines: Line[]): string {
  const unit = lines[0]?.row.unit;
  return typeof unit === 'string' && lines.every((line) => line.row.unit === unit) ? unit : '';
}

/** What a heading says of the unit of its figures, where all rows share one. */
export function unitOf(sheet: Sheet, column: Column, unit: string): string {
  if (column.money) return column.each ? `${column.money}/${unit || sheet.oneUnit}` : column.money;
  const told = column.figures && MEASURED.has(column.name) && sheet.columns.some(({ name }) => name === 'unit');
  return told ? unit : '';
}

/** A table made ready to be shown: words and figures told, empty columns left out. */
export function sheetOf(table: Table, view: View, names: Names, say: Say, currency: string): Sheet {
  const rows = table.rows.map((row) => withUnit(row, names, view, currency));
  const kinds = new Map(table.columns.map((column) => [column.name, column.kind]));
  const wanted = view.columns.length ? view.columns : table.columns.map((column) => column.name);
  const columns = wanted
    .filter((name) => !rows.length || rows.some((row) => row[name] !== null && row[name] !== undefined))
    .filter((name) => name !== 'period' || new Set(rows.map((row) => row.period)).size > 1)
    .map((name) => columnOf(name, kinds.get(name) === 'number', rows, say, currency, view.table));
  const lines = rows.map((row) => {
    const cells = columns.map((column) => cell(column, row, names, say, columns));
    // Names as the tables write them are found too, and goods by all of their name.
    const own = Object.values(row).filter((value) => typeof value === 'string');
    return { row, cells, text: [...cells, ...own].join(' ').toLocaleLowerCase() };
  });
  return { oneUnit: say('atlas.one_unit'), columns, lines };
}

function withUnit(row: Row, names: Names, view: View, currency: string): Row {
  const unit = typeof row.good === 'string' ? names.good[row.good]?.unit : undefined;
  if (!view.columns.includes('unit')) return row;
  const money = view.table === 'prices';
  if (row.unit === undefined) return { ...row, unit: money ? `${currency}/${unit ?? ''}` : (unit ?? null) };
  return money ? { ...row, unit: `${currency}/${row.unit}` } : row;
}

/** Tables whose quantities and prices stand beside each other. */
const ORDERS = new Set(['sales', 'purchases', 'orders']);
/** Tables of who gains how much. */
const GAINS = new Set(['welfare', 'countries', 'agents']);

function columnOf(name: string, figures: boolean, rows: Row[], say: Say, currency: string, table: string): Column {
  const values = rows.map((row) => numeric(row[name]));
  const most = values.reduce<number>((largest, v) => Math.max(largest, Math.abs(v ?? 0)), 0);
  const each = ORDERS.has(table) && PRICED.has(name);
  const sum = (table === 'trade' && name === 'value') || (GAINS.has(table) && MEASURED.has(name));
  const money = each || sum ? currency : '';
  return { name, head: say(`atlas.column.${name}`, { currency }), figures, digits: digitsFor(values), money, each, most };
}

function numeric(value: Value | undefined): number | null {
  return typeof value === 'number' ? value : null;
}

function cell(column: Column, row: Row, names: Names, say: Say, columns: Column[]): string {
  const value = row[column.name] ?? null;
  if (column.name === 'use' && typeof value === 'string') return say(`claims.${value}`);
  if (column.name === 'state' && typeof value === 'string') return say(`atlas.state.${value}`);
  if (column.name === 'measure' && typeof value === 'string') return say(`measure.${value}`);
  if (column.name === 'side' && typeof value === 'string') return say(`atlas.order.${value}`);
  if (typeof value === 'boolean') return say(value ? 'atlas.yes' : 'atlas.no');
  if (typeof value === 'number') {
    // Claims and measures mix what is measured: each row is rounded by its own size.
    const mixed = columns.some((each) => each.name === 'use' || each.name === 'measure');
    const digits = mixed ? digitsFor([value]) : column.digits;
    return figure(value, digits, SCALED.has(column.name) || column.name === 'difference');
  }
  return words(names, column.name, value, row);
}

export interface Filter {
  text: string;
  good: string;
  /** Places and legs that were picked on the map. */
  pick: Set<string>;
}

/** Rows that pass the filter, in the order asked for. */
export function shown(sheet: Sheet, filter: Filter, sort: string): Line[] {
  const needles = filter.text.toLocaleLowerCase().split(/\s+/).filter(Boolean);
  const kept = sheet.lines.filter(
    (line) =>
      (!filter.good || line.row.good === undefined || line.row.good === filter.good) &&
      (!filter.pick.size || touches(line.row, filter.pick)) &&
      needles.every((needle) => line.text.includes(needle)),
  );
  const down = sort.startsWith('-');
  const name = down ? sort.slice(1) : sort;
  const at = sheet.columns.findIndex((column) => column.name === name);
  const column = sheet.columns[at];
  if (!column) return kept;
  const bySize = SCALED.has(name);
  const key = (line: Line): number | string =>
    column.figures ? size(numeric(line.row[name]), bySize) : (line.cells[at] ?? '').toLocaleLowerCase();
  const turn = down ? -1 : 1;
  return kept
    .map((line) => ({ line, by: key(line) }))
    .sort((a, b) => turn * (a.by < b.by ? -1 : a.by > b.by ? 1 : 0))
    .map(({ line }) => line);
}

function size(value: number | null, bySize: boolean): number {
  if (value === null) return -Infinity;
  return bySize ? Math.abs(value) : value;
}

function touches(row: Row, pick: Set<string>): boolean {
  for (const key of ['place', 'origin', 'destination', 'leg', 'name'] as const) {
    const value = row[key];
    if (typeof value === 'string' && pick.has(value.replace(/~$/, ''))) return true;
  }
  return typeof row.legs === 'string' && row.legs.split(';').some((leg) => pick.has(leg.replace(/~$/, '')));
}
