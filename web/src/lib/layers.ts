import type { FeatureCollection } from 'geojson';
import type { LayerSpecification, StyleSpecification } from 'maplibre-gl';
import { course, stretches } from './bands';
import type { Drawn } from './types';

// The colours of entrepot.drawing.palette: Okabe and Ito (2008), safe for colour-blind readers.
const INK = '#1B1F24';
const QUIET = '#5B6470';
const SELLS = '#D55E00';
const BUYS = '#0072B2';
const FONT = ['sans-serif'];

export const EMPTY: FeatureCollection = { type: 'FeatureCollection', features: [] };

export function style(land: FeatureCollection, borders: FeatureCollection): StyleSpecification {
  const source = (data: FeatureCollection) => ({ type: 'geojson' as const, data });
  return {
    version: 8,
    sources: {
      land: source(land),
      borders: source(borders),
      lines: source(EMPTY),
      bands: source(EMPTY),
      spots: source(EMPTY),
      looked: source(EMPTY),
    },
    layers: [
      { id: 'water', type: 'background', paint: { 'background-color': '#DCE8EF' } },
      { id: 'land', type: 'fill', source: 'land', paint: { 'fill-color': '#F1EDE4' } },
      {
        id: 'borders',
        type: 'line',
        source: 'borders',
        paint: { 'line-color': '#A79F8F', 'line-width': 0.7, 'line-dasharray': [3, 2] },
      },
      ...legs(),
      {
        id: 'bands',
        type: 'line',
        source: 'bands',
        layout: { 'line-cap': 'round', 'line-join': 'round' },
        paint: {
          'line-color': ['get', 'colour'],
          'line-width': ['get', 'width'],
          'line-offset': ['get', 'offset'],
        },
      },
      {
        id: 'looked',
        type: 'circle',
        source: 'looked',
        paint: { 'circle-radius': 9, 'circle-color': 'rgba(0,0,0,0)', 'circle-stroke-color': '#CC79A7', 'circle-stroke-width': 3 },
      },
      ...spots(),
    ],
  };
}

function legs(): LayerSpecification[] {
  const paint = { 'line-color': '#98A1AC', 'line-width': 0.8 };
  return [
    { id: 'legs', type: 'line', source: 'lines', filter: ['==', ['get', 'state'], 'unused'], paint },
    {
      id: 'closed',
      type: 'line',
      source: 'lines',
      filter: ['==', ['get', 'state'], 'closed'],
      paint: { 'line-color': '#B4232B', 'line-width': 1.1, 'line-dasharray': [1.5, 2] },
    },
    {
      id: 'full',
      type: 'line',
      source: 'lines',
      filter: ['get', 'full'],
      layout: { 'line-cap': 'round' },
      paint: { 'line-color': INK, 'line-width': 2, 'line-dasharray': [0.1, 2.2] },
    },
  ];
}

function spots(): LayerSpecification[] {
  return [
    {
      id: 'spots',
      type: 'circle',
      source: 'spots',
      paint: {
        'circle-radius': ['get', 'radius'],
        'circle-color': ['case', ['==', ['get', 'trade'], 0], '#FFFFFF', ['get', 'sells'], SELLS, BUYS],
        'circle-opacity': ['case', ['==', ['get', 'trade'], 0], 1, 0.75],
        'circle-stroke-color': ['case', ['get', 'closed'], '#B4232B', ['has', 'full'], INK, QUIET],
        'circle-stroke-width': ['case', ['has', 'full'], 2, ['get', 'closed'], 1.6, 0.8],
      },
    },
    {
      id: 'labels',
      type: 'symbol',
      source: 'spots',
      layout: {
        'text-field': ['get', 'label'],
        'text-font': FONT,
        'text-size': 11.5,
        'text-variable-anchor': ['left', 'right', 'top', 'bottom'],
        'text-radial-offset': 0.7,
        'symbol-sort-key': ['-', 0, ['get', 'weight']],
      },
      paint: { 'text-color': INK, 'text-halo-color': '#FFFFFF', 'text-halo-width': 1.4 },
    },
  ];
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

/** Legs that carry nothing and those that are full; what is unused by water is left out. */
export function linesOf(drawn: Drawn): FeatureCollection {
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
        properties: { state, full, start, end },
      })),
  };
}

/** Places by what they trade; those that goods only pass are small, others are there when `all` are. */
export function spotsOf(drawn: Drawn, all: boolean): FeatureCollection {
  const most = Math.max(1, ...drawn.spots.map((spot) => spot.trade));
  const carrying = new Set(drawn.bands.flatMap(([start, end]) => [start, end]));
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
                weight: spot.trade / most + (spot.full ? 0.5 : 0) + (spot.kind === 'port' ? 0.01 : 0),
              },
            },
          ],
    ),
  };
}
