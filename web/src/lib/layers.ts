import type { FeatureCollection } from 'geojson';
import type { LayerSpecification, LineLayerSpecification, StyleSpecification, SymbolLayerSpecification } from 'maplibre-gl';
import { course, stretches } from './bands';
import type { Drawn, Spot } from './types';

// The colours of entrepot.drawing.palette: Okabe and Ito (2008), safe for colour-blind readers.
const INK = '#1B1F24';
const QUIET = '#5B6470';
const SELLS = '#D55E00';
const BUYS = '#0072B2';
const RULED = '#9B3C78';
const FONT = ['sans-serif'];

export const EMPTY: FeatureCollection = { type: 'FeatureCollection', features: [] };

/** What is drawn before anybody moves the map: so nothing is drawn twice. */
export interface First {
  world: FeatureCollection;
  net: FeatureCollection;
  bands: FeatureCollection;
  rules: FeatureCollection;
}

/** Few sources, and lines of one kind of paint: each tile is a frame, each kind of paint a program. */
export function style({ world, net, bands, rules }: First): StyleSpecification {
  const source = (data: FeatureCollection, maxzoom = 14) => ({ type: 'geojson' as const, data, maxzoom });
  return {
    version: 8,
    sources: {
      // Coasts of 1:50 million are not more exact than this.
      world: source(world, 7),
      net: source(net),
      bands: source(bands),
      rules: source(rules),
      looked: source(EMPTY),
    },
    layers: [
      // Water is the page's own colour below.
      { id: 'land', type: 'fill', source: 'world', filter: ['==', ['geometry-type'], 'Polygon'], paint: { 'fill-color': '#F1EDE4', 'fill-antialias': false } },
      {
        id: 'borders',
        type: 'line',
        source: 'world',
        filter: ['==', ['geometry-type'], 'LineString'],
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
        layout: { 'text-field': ['get', 'label'], 'text-font': FONT, 'text-size': 13, 'text-allow-overlap': true, 'text-ignore-placement': true },
        paint: { 'text-color': RULED, 'text-halo-color': '#FFFFFF', 'text-halo-width': 1.6 },
      },
    ],
  };
}

const PAINTED: LineLayerSpecification['paint'] = { 'line-color': ['get', 'colour'], 'line-width': ['get', 'width'], 'line-offset': ['get', 'offset'] };

function legs(): LayerSpecification[] {
  return [
    { id: 'legs', type: 'line', source: 'net', filter: ['==', ['get', 'state'], 'unused'], paint: PAINTED },
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
      paint: { 'line-color': INK, 'line-width': 2, 'line-dasharray': [0.1, 2.2] },
    },
  ];
}

function marks(): LayerSpecification[] {
  return [
    {
      id: 'spots',
      type: 'circle',
      source: 'net',
      filter: ['has', 'radius'],
      paint: {
        'circle-radius': ['get', 'radius'],
        'circle-color': ['case', ['==', ['get', 'trade'], 0], '#FFFFFF', ['get', 'sells'], SELLS, BUYS],
        'circle-opacity': ['case', ['==', ['get', 'trade'], 0], 1, 0.75],
        'circle-stroke-color': ['case', ['get', 'closed'], '#B4232B', ['has', 'full'], INK, QUIET],
        'circle-stroke-width': ['case', ['has', 'full'], 2, ['get', 'closed'], 1.6, 0.8],
      },
    },
    {
      // Squares are ports and diamonds border crossings, as on the drawn map.
      ...labels(),
      id: 'kinds',
      filter: ['has', 'sign'],
      layout: { 'text-field': ['get', 'sign'], 'text-font': FONT, 'text-size': 9, 'text-allow-overlap': true, 'text-ignore-placement': true },
      paint: { 'text-color': INK, 'text-halo-color': '#FFFFFF', 'text-halo-width': 0.8 },
    },
    { ...labels(), id: 'labels', filter: ['all', ['has', 'radius'], ['get', 'first']] },
    // On the map of a large study most names would find no room: they are tried once it is closer.
    { ...labels(), id: 'more-labels', filter: ['all', ['has', 'radius'], ['!', ['get', 'first']]], minzoom: 5 },
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

/** Places, and legs that carry nothing or are full. */
export function netOf(drawn: Drawn, all: boolean): FeatureCollection {
  return { type: 'FeatureCollection', features: [...linesOf(drawn).features, ...spotsOf(drawn, all).features] };
}

/** Legs that carry nothing and those that are full; what is unused by water is left out. */
function linesOf(drawn: Drawn): FeatureCollection {
  const seen = new Set<string>();
  /** Both directions of a leg are one line; so are several legs in one state. */
  const first = (start: number, end: number, state: string, full: boolean): boolean => {
    const key = `${Math.min(start, end)} ${Math.max(start, end)} ${state} ${full}`;
    return !seen.has(key) && Boolean(seen.add(key));
  };
  return {
    type: 'FeatureCollection',
    features: drawn.lines
      .filter(([start, end, state, water, full]) => start !== end && (full || (state !== 'used' && !water)))
      .filter(([start, end, state, , full]) => first(start, end, state, full))
      .map(([start, end, state, , full]) => ({
        type: 'Feature',
        geometry: { type: 'LineString', coordinates: course(drawn, [start, end]) },
        properties: { state, full, start, end, colour: '#98A1AC', width: 0.8, offset: 0 },
      })),
  };
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
function spotsOf(drawn: Drawn, all: boolean): FeatureCollection {
  const most = Math.max(1, ...drawn.spots.map((spot) => spot.trade));
  const carrying = new Set(drawn.bands.flatMap(([start, end]) => [start, end]));
  const places = drawn.spots.filter((spot) => spot.kind !== 'way');
  const heaviest = places.length > MANY ? (places.map((spot) => weight(spot, most)).sort((a, b) => b - a)[MOST_NAMED] ?? -1) : -1;
  return {
    type: 'FeatureCollection',
    features: drawn.spots.flatMap((spot, i) =>
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
                first: weight(spot, most) > heaviest,
              },
            },
          ],
    ),
  };
}
