import type { Feature, FeatureCollection } from 'geojson';
import { prewarm, setWorkerUrl } from 'maplibre-gl';
import worker from 'maplibre-gl/dist/maplibre-gl-worker.mjs?worker&url';
import { feature, mesh } from 'topojson-client';
import type { GeometryCollection, Topology } from 'topojson-specification';
import world from 'world-atlas/countries-50m.json?url';

type World = Topology<Record<string, GeometryCollection>>;

// Both are begun while the market is still being asked for.
setWorkerUrl(worker);
prewarm();
const asked = fetch('/api/basemap.json')
  .then((own) => (own.status === 200 ? own : fetch(world)))
  .then((found) => found.json() as Promise<World | FeatureCollection | Feature>);
let made: Promise<FeatureCollection> | undefined;

/** Land and borders that every map is drawn on. */
export function basemap(): Promise<FeatureCollection> {
  made ??= asked.then((found) => {
    if (found.type !== 'Topology') return found.type === 'FeatureCollection' ? found : { type: 'FeatureCollection', features: [found] };
    // Of a topology without these names, everything is land, and what its parts share are borders.
    const all = Object.values(found.objects);
    const { land = all[0], countries = all[0] } = found.objects;
    if (!land || !countries) return { type: 'FeatureCollection', features: [] };
    const drawn = feature(found, land) as FeatureCollection;
    const borders = mesh(found, countries, (a, b) => a !== b);
    return { type: 'FeatureCollection', features: [...drawn.features, { type: 'Feature', geometry: borders, properties: {} }] };
  });
  return made;
}
