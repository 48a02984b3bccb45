import type { Drawn } from './types';

/** A stretch of one good's way, drawn in one stroke. */
export interface Stretch {
  course: [number, number][];
  /** Spots along the way. */
  by: number[];
  kind: number;
  width: number;
  offset: number;
  quantity: number;
  start: number;
  end: number;
}

const THINNEST = 0.8;
const ALIKE = 0.3;
const WIDEST = 14;

/** Width in pixels of one unit, for each unit, so that the widest lane has `WIDEST`. */
export function scales(drawn: Drawn): Record<string, number> {
  const lanes = new Map<string, number>();
  for (const [start, end, kind, quantity] of drawn.bands) {
    const key = `${start} ${end} ${drawn.kinds[kind]?.unit ?? ''}`;
    lanes.set(key, (lanes.get(key) ?? 0) + quantity);
  }
  const most: Record<string, number> = {};
  for (const [key, quantity] of lanes) {
    const unit = key.split(' ').slice(2).join(' ');
    most[unit] = Math.max(most[unit] ?? 0, quantity);
  }
  return Object.fromEntries(Object.entries(most).map(([unit, largest]) => [unit, WIDEST / largest]));
}

interface Band extends Omit<Stretch, 'course' | 'by'> {
  taken: boolean;
}

/**
 * Bands side by side on the right of their direction, joined to one line as long as width and offset
 * stay alike, so that a band bends with the way and has no notch where two legs meet.
 */
export function stretches(drawn: Drawn, scale: Record<string, number>, hidden: Set<number>): Stretch[] {
  const beside = new Map<string, number>();
  const bands: Band[] = drawn.bands
    .filter(([, , kind]) => !hidden.has(kind))
    .map(([start, end, kind, quantity]) => {
      const width = Math.max(THINNEST, quantity * (scale[drawn.kinds[kind]?.unit ?? ''] ?? 0));
      const lane = `${start} ${end}`;
      const before = beside.get(lane) ?? 0;
      beside.set(lane, before + width);
      return { start, end, kind, quantity, width, offset: 0.5 + before + width / 2, taken: false };
    });
  const leaving = new Map<string, Band[]>();
  const arriving = new Map<string, Band[]>();
  const put = (map: Map<string, Band[]>, key: string, band: Band) => map.set(key, [...(map.get(key) ?? []), band]);
  for (const band of bands) {
    put(leaving, `${band.kind} ${band.start}`, band);
    put(arriving, `${band.kind} ${band.end}`, band);
  }
  const next = (found: Band[] | undefined, like: Band, seen: Set<number>, far: 'start' | 'end') =>
    found?.find(
      (band) =>
        !band.taken &&
        !seen.has(band[far]) &&
        Math.abs(band.width - like.width) < ALIKE &&
        Math.abs(band.offset - like.offset) < 2 * ALIKE,
    );
  return [...bands].sort((a, b) => b.width - a.width).flatMap((first) => {
    if (first.taken) return [];
    first.taken = true;
    const chain = [first];
    const seen = new Set([first.start, first.end]);
    for (let on = next(leaving.get(`${first.kind} ${first.end}`), first, seen, 'end'); on; ) {
      on.taken = true;
      seen.add(on.end);
      chain.push(on);
      on = next(leaving.get(`${on.kind} ${on.end}`), first, seen, 'end');
    }
    for (let on = next(arriving.get(`${first.kind} ${first.start}`), first, seen, 'start'); on; ) {
      on.taken = true;
      seen.add(on.start);
      chain.unshift(on);
      on = next(arriving.get(`${on.kind} ${on.start}`), first, seen, 'start');
    }
    const spots = [chain[0]?.start ?? 0, ...chain.map((band) => band.end)];
    const { kind, width, offset, quantity } = first;
    return [{ kind, width, offset, quantity, start: spots[0] ?? 0, end: spots.at(-1) ?? 0, by: spots, course: course(drawn, spots) }];
  });
}

/** How far a point is from a line, in degrees; the line may lie any number of turns of the globe away. */
export function distanceTo(line: [number, number][], point: [number, number]): number {
  return Math.min(...line.slice(1).map((_, i) => distanceToPart(line, i, point)));
}

function distanceToPart(line: [number, number][], i: number, point: [number, number]): number {
  const turn = 360 * Math.round(((line[0]?.[0] ?? 0) - point[0]) / 360);
  const [[x, y], [x2, y2]] = [line[i] ?? [0, 0], line[i + 1] ?? [0, 0]];
  const [dx, dy] = [x2 - x, y2 - y];
  const along = ((point[0] + turn - x) * dx + (point[1] - y) * dy) / (dx * dx + dy * dy || 1);
  const at = Math.max(0, Math.min(1, along));
  return Math.hypot(x + at * dx - point[0] - turn, y + at * dy - point[1]);
}

/** The places along a way, points at sea left out, between which a point lies nearest to the line. */
export function nearest(drawn: Drawn, by: number[], point: [number, number]): [number, number] {
  const points = course(drawn, by);
  const away = (i: number) => distanceToPart(points, i, point);
  const best = by.slice(1).reduce((least, _, i) => (away(i) < away(least) ? i : least), 0);
  const isPlace = (spot: number) => drawn.spots[spot]?.kind !== 'way';
  return [by.slice(0, best + 1).findLast(isPlace) ?? -1, by.slice(best + 1).find(isPlace) ?? -1];
}

/** Coordinates through spots, without a jump where the numbering of longitudes turns over. */
export function course(drawn: Drawn, spots: number[]): [number, number][] {
  const points: [number, number][] = [];
  for (const spot of spots) {
    const [east, north] = drawn.spots[spot]?.at ?? [0, 0];
    const before = points.at(-1)?.[0] ?? east;
    points.push([east + 360 * Math.round((before - east) / 360), north]);
  }
  return points;
}
