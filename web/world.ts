import { GeoJSONVT } from '@maplibre/geojson-vt';
import { fromGeojsonVt } from '@maplibre/vt-pbf';
import type { Feature, FeatureCollection, Geometry, Position } from 'geojson';
import { readFileSync, writeFileSync } from 'node:fs';
import { createRequire } from 'node:module';
import { dirname, join } from 'node:path';
import { feature, mesh } from 'topojson-client';
import type { GeometryCollection, Topology } from 'topojson-specification';
import type { Plugin } from 'vite';

// The grid of a tile at this zoom is 300 m wide; coasts of 1:50 million are not more exact than this.
const CLOSEST = 5;
const GRID = 4096;

/**
 * Land and borders of the world, cut into tiles when the page is built: a map then reads the few tiles
 * that it shows, where cutting the whole world in the browser took longer than all that flows.
 *
 * The file: its index's length (uint32, little endian), the index (JSON, zoom/x/y to where the tile
 * begins and how long it is), the tiles.
 */
function packed(): Buffer {
  const world = JSON.parse(readFileSync(createRequire(import.meta.url).resolve('world-atlas/countries-50m.json'), 'utf8')) as Topology<{
    land: GeometryCollection;
    countries: GeometryCollection;
  }>;
  const options = { maxZoom: CLOSEST, indexMaxZoom: CLOSEST, indexMaxPoints: 0, extent: GRID };
  const borders: Feature = { type: 'Feature', properties: {}, geometry: mesh(world, world.objects.countries, (a, b) => a !== b) };
  const land = feature(world, world.objects.land) as Feature | FeatureCollection;
  for (const each of [borders, ...('features' in land ? land.features : [land])]) unfold(each.geometry);
  const cut = { land: new GeoJSONVT(land, options), borders: new GeoJSONVT(borders, options) };
  const index: Record<string, [number, number]> = {};
  const tiles: Uint8Array[] = [];
  let end = 0;
  for (let zoom = 0; zoom <= CLOSEST; zoom++) {
    for (let x = 0; x < 2 ** zoom; x++) {
      for (let y = 0; y < 2 ** zoom; y++) {
        const found = Object.entries(cut).map(([name, each]) => [name, each.getTile(zoom, x, y)] as const);
        const layers = Object.fromEntries(found.flatMap(([name, tile]) => (tile?.features.length ? [[name, tile]] : [])));
        if (!Object.keys(layers).length) continue;
        const tile = fromGeojsonVt(layers, { version: 2, extent: GRID });
        index[`${zoom}/${x}/${y}`] = [end, tile.length];
        tiles.push(tile);
        end += tile.length;
      }
    }
  }
  const head = Buffer.from(JSON.stringify(index));
  const length = Buffer.alloc(4);
  length.writeUInt32LE(head.length);
  return Buffer.concat([length, head, ...tiles]);
}

/** On a plane, what crosses the 180th meridian goes on beyond it: it would else run back around the whole world. */
function unfold(shape: Geometry): void {
  const lines = shape.type === 'MultiPolygon' ? shape.coordinates.flat() : shape.type === 'Polygon' || shape.type === 'MultiLineString' ? shape.coordinates : [];
  for (const line of lines) {
    const turned: number[] = [];
    for (const [east = 0] of line) turned.push(east + 360 * Math.round(((turned.at(-1) ?? east) - east) / 360));
    // Round a pole there is no way out: Antarctica is drawn along the lower edge already.
    const round = Math.abs((turned.at(-1) ?? 0) - (turned[0] ?? 0)) > 180;
    if (!round) line.forEach((point: Position, i) => (point[0] = turned[i] ?? 0));
  }
}

/** Gives the address of the tiles to whoever imports `virtual:world`. */
export function world(): Plugin {
  return {
    name: 'world',
    resolveId: (name) => (name === 'virtual:world' ? '\0world' : null),
    load(name) {
      if (name !== '\0world') return null;
      // Beside what it is made of, whose licence then goes with it.
      const file = join(dirname(createRequire(import.meta.url).resolve('world-atlas/countries-50m.json')), 'world.tiles');
      writeFileSync(file, packed());
      return `export { default } from ${JSON.stringify(`${file}?url`)};`;
    },
  };
}
