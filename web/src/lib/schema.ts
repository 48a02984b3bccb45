import { once, root } from './server';
import type { Declared, Field, Names, Run, Table, Value } from './types';

/** Tables to which a reader adds rows, those asked for most first. */
export const ADDED = ['legs', 'duties', 'bans', 'quotas', 'offers', 'bids', 'plants', 'leg_goods', 'transfers', 'corridors', 'commitments', 'places'];

/** Which table a row is added to from a table of the answer. */
export const FROM: Record<string, string> = {
  flows: 'legs', limits: 'legs', modes: 'legs', corridors: 'corridors', restrictions: 'duties', trade: 'duties',
  prices: 'offers', sales: 'offers', purchases: 'bids', consignments: 'legs',
};

export interface Choice {
  value: string;
  label: string;
}

/** Names that a cell may hold, as people call them; rows that were added are among them. */
export async function choices(field: Field, tables: Declared[], run: Run, names: Names): Promise<Choice[]> {
  const found = await Promise.all(
    field.refers_to.map(async (aim): Promise<Choice[]> => {
      if (aim === '*') return [{ value: '*', label: '*' }];
      const key = tables.find((each) => each.name === aim)?.key[0];
      if (!key) return [];
      if (aim === 'countries') return Object.entries(names.country).map(([value, label]) => ({ value, label }));
      const rows = (await once<Table>(`${root}/runs/${run.id}/study/${aim}.json`)).rows;
      const values = [...new Set(rows.map((row) => String(row[key] ?? '')))].filter(Boolean);
      return values.map((value) => ({ value, label: labelled(aim, value, names) }));
    }),
  );
  return found.flat().sort((a, b) => a.label.localeCompare(b.label));
}

function labelled(table: string, value: string, names: Names): string {
  if (table === 'places') return names.place[value] ?? value;
  if (table === 'goods') return names.good[value]?.name ?? value;
  if (table === 'legs') return names.leg[value]?.name ?? value;
  if (table === 'corridors') return names.corridor[value] ?? value;
  return value;
}

/** A column with its unit, unless its name says it. */
export function labelOf(field: Field): string {
  const said = !field.unit || field.name === field.unit || field.name.endsWith(`_${field.unit}`);
  return said ? field.name : `${field.name}, ${field.unit}`;
}

/** A row from what stands in a form: blank cells are left out. */
export function rowFrom(form: FormData, fields: Field[]): Record<string, Value> {
  const row: Record<string, Value> = {};
  for (const field of fields) {
    const text = String(form.get(field.name) ?? '').trim();
    if (text === '') continue;
    if (field.kind === 'number' || field.kind === 'integer') row[field.name] = Number(text);
    else row[field.name] = field.kind === 'flag' ? text === 'true' : text;
  }
  return row;
}

/** A name for a new row that nobody gave one: of a leg by its ends, of anything else by its number. */
export function named(table: Declared, row: Record<string, Value>, number: number): Record<string, Value> {
  const own = table.columns.find((field) => field.name === table.key[0] && field.kind === 'name' && !field.refers_to.length);
  if (!own || row[own.name] !== undefined) return row;
  const name = table.name === 'legs' ? `${row.mode}-${row.origin}-${row.destination}` : `${own.name}-${number}`;
  return { [own.name]: name, ...row };
}

/** Kilometres between two points on the sphere (haversine formula), with the earth's mean radius. */
export function distance([east, north]: [number, number], [east2, north2]: [number, number]): number {
  const radians = Math.PI / 180;
  const half = (a: number) => Math.sin((a * radians) / 2) ** 2;
  const h = half(north2 - north) + Math.cos(north * radians) * Math.cos(north2 * radians) * half(east2 - east);
  return 2 * 6371 * Math.asin(Math.sqrt(h));
}
