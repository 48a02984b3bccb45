import type { Feature, FeatureCollection } from 'geojson';
import type { ExpressionFilterSpecification, FilterSpecification, LayerSpecification, LineLayerSpecification, SourceSpecification, StyleSpecification, SymbolLayerSpecification } from 'maplibre-gl';
import { course, distanceTo, stretches } from './bands';
import type { Drawn, Spot } from './types';

// The colours of entrepot.drawing.palette: Okabe and Ito (2008), safe for colour-blind readers.
const INK = '#1B1F24';
const QUIET = '#5B6470';
const DARK = '#3D4955';
const RULED = '#9B3C78';
const FONT = ['sans-serif'];

const EMPTY: FeatureCollection = { type: 'FeatureCollection', features: [] };

/** Few sources, and lines of one kind of paint: each tile is a frame, each kind of paint a program. */
export function style(world: SourceSpecification): StyleSpecification {
  const source = (data: FeatureCollection) => ({ type: 'geojson' as const, data });
  /** What of the world is a layer of its own in tiles, and known by its geometry where there are none. */
  const of = (name: string, geometry: string) =>
    world.type === 'vector' ? { 'source-layer': name } : { filter: ['==', ['geometry-type'], geometry] as FilterSpecification };
  return {
    version: 8,
    sources: { world, rest: source(EMPTY), net: source(TRIED), bands: source(TRIED), rules: source(EMPTY), looked: source(EMPTY) },
    layers: [
      // Water is the page's own colour below.
      { id: 'land', type: 'fill', source: 'world', ...of('land', 'Polygon'), paint: { 'fill-color': '#F1EDE4', 'fill-antialias': false } },
      {
        id: 'borders',
        type: 'line',
        source: 'world',
        ...of('borders', 'LineString'),
        paint: { 'line-color': '#A79F8F', 'line-width': 0.7, 'line-dasharray': [3, 2] },
      },
      ...legs(),
      {
        id: 'bands',
        type: 'line',
        source: 'bands',
        layout: { 'line-cap': 'round', 'line-join': 'round' },
        paint: PAINTED,
      },
      {
        id: 'looked',
        type: 'circle',
        source: 'looked',
        paint: { 'circle-radius': 9, 'circle-color': 'rgba(0,0,0,0)', 'circle-stroke-color': '#CC79A7', 'circle-stroke-width': 3 },
      },
      ...marks(),
      {
        id: 'ruled',
        type: 'line',
        source: 'rules',
        filter: ['==', ['geometry-type'], 'LineString'],
        paint: { 'line-color': RULED, 'line-width': 2.4, 'line-dasharray': [0.6, 1.2] },
      },
      {
        ...labels(),
        id: 'rules',
        source: 'rules',
        filter: ['==', ['geometry-type'], 'Point'],
        layout: { 'text-field': ['get', 'label'], 'text-font': FONT, 'text-size': 13, 'text-allow-overlap': true },
        paint: { 'text-color': RULED, 'text-halo-color': '#FFFFFF', 'text-halo-width': 1.6 },
      },
    ],
  };
}

/** Out of sight near the pole, one of each that a map may show: their programs are compiled while the study is asked for. */
const TRIED: FeatureCollection = {
  type: 'FeatureCollection',
  features: [
    { type: 'Feature', geometry: { type: 'LineString', coordinates: [[0, 85], [1, 85]] }, properties: { colour: '#98A1AC', width: 0.8, offset: 0 } },
    { type: 'Feature', geometry: { type: 'Point', coordinates: [0, 85] }, properties: { radius: 2, trade: 0, sells: false, closed: false, label: '.', sign: '.', weight: 0, seen: true, named: true } },
  ],
};

const PAINTED: LineLayerSpecification['paint'] = { 'line-color': ['get', 'colour'], 'line-width': ['get', 'width'], 'line-offset': ['get', 'offset'] };

function legs(): LayerSpecification[] {
  return [
    { id: 'legs', type: 'line', source: 'rest', paint: PAINTED },
    {
      id: 'closed',
      type: 'line',
      source: 'net',
      filter: ['==', ['get', 'state'], 'closed'],
      paint: { 'line-color': '#B4232B', 'line-width': 1.1, 'line-dasharray': [1.5, 2] },
    },
    {
      id: 'full',
      type: 'line',
      source: 'net',
      filter: ['all', ['has', 'state'], ['get', 'full']],
      layout: { 'line-cap': 'round' },
      paint: { 'line-color': INK, 'line-width': 1.8, 'line-dasharray': [0.1, 2.6] },
    },
  ];
}

// On the map of a large study, places that goods only pass and most names would find no room: they come when it is closer.
const CLOSE: ExpressionFilterSpecification = ['>=', ['zoom'], 5];
const SEEN: ExpressionFilterSpecification = ['any', ['get', 'seen'], CLOSE];

function marks(): LayerSpecification[] {
  return [
    {
      id: 'spots',
      type: 'circle',
      source: 'net',
      filter: ['all', ['has', 'radius'], SEEN],
      paint: {
        'circle-radius': ['get', 'radius'],
        // Full circles sell, rings buy: colours are those of goods.
        'circle-color': ['case', ['all', ['>', ['get', 'trade'], 0], ['get', 'sells']], DARK, '#FFFFFF'],
        'circle-opacity': ['case', ['==', ['get', 'trade'], 0], 1, 0.8],
        'circle-stroke-color': ['case', ['get', 'closed'], '#B4232B', ['has', 'full'], INK, ['==', ['get', 'trade'], 0], QUIET, DARK],
        'circle-stroke-width': ['case', ['has', 'full'], 2.4, ['get', 'closed'], 1.6, ['==', ['get', 'trade'], 0], 0.8, 1.6],
      },
    },
    {
      // Squares are ports and diamonds border crossings, as on the drawn map.
      ...labels(),
      id: 'kinds',
      filter: ['all', ['has', 'sign'], SEEN],
      layout: { 'text-field': ['get', 'sign'], 'text-font': FONT, 'text-size': 9, 'text-allow-overlap': true, 'text-ignore-placement': true },
      paint: { 'text-color': INK, 'text-halo-color': '#FFFFFF', 'text-halo-width': 0.8 },
    },
    { ...labels(), id: 'labels', filter: ['all', ['has', 'radius'], ['any', ['get', 'named'], CLOSE]] },
  ];
}

function labels(): Omit<SymbolLayerSpecification, 'id'> {
  return {
    type: 'symbol',
    source: 'net',
    layout: {
      'text-field': ['get', 'label'],
      'text-font': FONT,
      'text-size': 11.5,
      'text-variable-anchor': ['left', 'right', 'top', 'bottom'],
      'text-radial-offset': 0.7,
      'symbol-sort-key': ['-', 0, ['get', 'weight']],
    },
    paint: { 'text-color': INK, 'text-halo-color': '#FFFFFF', 'text-halo-width': 1.4 },
  };
}

/** The bands of a map as lines. */
export function bandsOf(drawn: Drawn, scale: Record<string, number>, hidden: Set<number>): FeatureCollection {
  return {
    type: 'FeatureCollection',
    features: stretches(drawn, scale, hidden).map((each) => ({
      type: 'Feature',
      geometry: { type: 'LineString', coordinates: each.course },
      properties: {
        width: each.width,
        offset: each.offset,
        colour: drawn.kinds[each.kind]?.colour ?? QUIET,
        kind: each.kind,
        quantity: each.quantity,
        start: each.start,
        end: each.end,
        by: each.by.join(' '),
      },
    })),
  };
}

/** Places, and legs that are full or closed. */
export function netOf(drawn: Drawn, all: boolean): FeatureCollection {
  return { type: 'FeatureCollection', features: [...linesOf(drawn, (state, full) => full || state === 'closed'), ...spotsOf(drawn, all)] };
}

/** Legs that carry nothing: the ground on which the rest is seen, and most of a large study. */
export function restOf(drawn: Drawn): FeatureCollection {
  return { type: 'FeatureCollection', features: linesOf(drawn, (state) => state === 'unused') };
}

type Line = Drawn['lines'][number];

/** Legs that carry nothing and those that are full; what is unused by water is left out. */
function marked(drawn: Drawn): Line[] {
  return drawn.lines.filter(([start, end, state, water, full]) => start !== end && (full || (state !== 'used' && !water)));
}

/** Of each state all legs as one, since a large study has thousands; both directions of a leg are one line. */
function linesOf(drawn: Drawn, wanted: (state: string, full: boolean) => boolean): Feature[] {
  const states = new Map<string, { state: string; full: boolean; seen: Set<number>; lines: [number, number][][] }>();
  for (const [start, end, state, , full] of marked(drawn)) {
    if (!wanted(state, full)) continue;
    const key = `${state} ${full}`;
    const found = states.get(key) ?? { state, full, seen: new Set<number>(), lines: [] };
    states.set(key, found);
    const pair = Math.min(start, end) * drawn.spots.length + Math.max(start, end);
    if (!found.seen.has(pair)) found.lines.push(course(drawn, [start, end]));
    found.seen.add(pair);
  }
  return [...states.values()].map(({ state, full, lines }) => ({
    type: 'Feature',
    geometry: { type: 'MultiLineString', coordinates: lines },
    properties: { state, full, colour: '#98A1AC', width: 0.8, offset: 0 },
  }));
}

/** The leg in one of the layers of `linesOf` that lies nearest to a point: where it begins and ends. */
export function legAt(drawn: Drawn, layer: string, point: [number, number]): [number, number] {
  const fits = ([, , state, , full]: Line) => (layer === 'full' ? full : state === (layer === 'closed' ? 'closed' : 'unused'));
  let [best, least]: [[number, number], number] = [[-1, -1], Infinity];
  for (const line of marked(drawn)) {
    if (!fits(line)) continue;
    const away = distanceTo(course(drawn, [line[0], line[1]]), point);
    if (away < least) [best, least] = [[line[0], line[1]], away];
  }
  return best;
}

const SIGNS: Record<string, string> = { port: '■', border: '◆' };

/** Bans and quotas: on their legs, or one sign for all at a country. */
export function rulesOf(drawn: Drawn): FeatureCollection {
  const spots = new Map<string, { at: [number, number]; told: string[] }>();
  for (const rule of drawn.rules) {
    for (const at of rule.at) {
      const found = spots.get(at.join()) ?? { at, told: [] };
      spots.set(at.join(), { at, told: [...found.told, rule.told] });
    }
  }
  const lines = drawn.rules.flatMap((rule) => rule.lines.map(([start, end]) => ({ start, end, told: rule.told })));
  return {
    type: 'FeatureCollection',
    features: [
      ...lines.map(({ start, end, told }) => ({
        type: 'Feature' as const,
        geometry: start === end ? { type: 'Point' as const, coordinates: drawn.spots[start]?.at ?? [0, 0] } : { type: 'LineString' as const, coordinates: course(drawn, [start, end]) },
        properties: { start, end, told, label: '⊘' },
      })),
      ...[...spots.values()].map(({ at, told }) => ({
        type: 'Feature' as const,
        geometry: { type: 'Point' as const, coordinates: at },
        properties: { told: told.join('\n'), label: told.length > 1 ? `⊘ ${told.length}` : '⊘' },
      })),
    ],
  };
}

/** Places up to which all names are tried for room; of more, those that are named first. */
const MANY = 600;
const MOST_NAMED = 200;

/** What is named first: large trade, scarce room, ports. */
function weight(spot: Spot, most: number): number {
  return spot.trade / most + (spot.full ? 0.5 : 0) + (spot.kind === 'port' ? 0.01 : 0);
}

/** Places by what they trade; those that goods only pass are small, others are there when `all` are. */
function spotsOf(drawn: Drawn, all: boolean): Feature[] {
  const most = Math.max(1, ...drawn.spots.map((spot) => spot.trade));
  const carrying = new Set(drawn.bands.flatMap(([start, end]) => [start, end]));
  const places = drawn.spots.filter((spot) => spot.kind !== 'way');
  const heaviest = places.length > MANY ? (places.map((spot) => weight(spot, most)).sort((a, b) => b - a)[MOST_NAMED] ?? -1) : -1;
  return drawn.spots.flatMap((spot, i) =>
      spot.kind === 'way' || (!all && !spot.trade && !carrying.has(i) && !spot.full && !spot.closed)
        ? []
        : [
            {
              type: 'Feature' as const,
              geometry: { type: 'Point' as const, coordinates: spot.at },
              properties: {
                spot: i,
                place: spot.place,
                trade: spot.trade,
                sells: spot.sells,
                closed: spot.closed,
                ...(spot.full ? { full: spot.full } : {}),
                radius: spot.trade ? 3 + 13 * Math.sqrt(spot.trade / most) : spot.kind === 'place' ? 1.8 : 2.8,
                label: spot.full ? `${spot.name}\n${spot.full}` : spot.name,
                ...(SIGNS[spot.kind] ? { sign: SIGNS[spot.kind] } : {}),
                weight: weight(spot, most),
                seen: places.length <= MANY || spot.trade > 0 || spot.full !== '' || spot.closed,
                named: weight(spot, most) > heaviest,
              },
            },
          ],
  );
}
