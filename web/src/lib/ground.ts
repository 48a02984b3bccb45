import { once, root } from './server';
import type { Drawn, Names, Table } from './types';

const BY_WATER = new Set(['sea', 'river', 'ferry']);

/** The places and legs of a study, to be looked at while it is cleared: nothing flows yet. */
export async function ground(names: Names): Promise<Drawn> {
  const { rows } = await once<Table>(`${root}/study/places.json`);
  const mapped = rows.filter(({ longitude, latitude }) => typeof longitude === 'number' && typeof latitude === 'number');
  const numbers = new Map(mapped.map(({ place }, i) => [String(place), i]));
  const ends = Object.entries(names.leg).flatMap(([leg, { mode, ends: [from, to] }]): [string, number, number, boolean][] => {
    const [start, end] = [numbers.get(from), numbers.get(to)];
    return start === undefined || end === undefined ? [] : [[leg, start, end, BY_WATER.has(mode)]];
  });
  return {
    kinds: [],
    spots: mapped.map((row) => ({
      place: String(row.place),
      name: names.place[String(row.place)] ?? String(row.place),
      at: [Number(row.longitude), Number(row.latitude)],
      kind: row.kind === 'port' || row.kind === 'border' ? row.kind : 'place',
      trade: 0,
      sells: false,
      full: '',
      closed: false,
    })),
    lines: ends.map(([, start, end, water]) => [start, end, 'unused', water, false]),
    bands: [],
    legs: ends.map(([leg, start, end]) => [leg, start, end]),
    nowhere: [],
    rules: [],
  };
}
