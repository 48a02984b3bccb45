import type { Feature, FeatureCollection } from 'geojson';
import { addProtocol, prewarm, setWorkerUrl, type SourceSpecification } from 'maplibre-gl';
import worker from 'maplibre-gl/dist/maplibre-gl-worker.mjs?worker&url';
import { feature, mesh } from 'topojson-client';
import type { GeometryCollection, Topology } from 'topojson-specification';
import world from 'virtual:world';

type World = Topology<Record<string, GeometryCollection>>;

// All of this is begun before the study has been asked for.
setWorkerUrl(worker);
prewarm();
const own = fetch('/api/basemap.json').then((found) => (found.status === 200 ? (found.json() as Promise<World | FeatureCollection | Feature>) : null));
const pack = own.then((found) => (found ? null : fetch(world).then((each) => each.arrayBuffer()).then(opened)));
pack.catch(() => undefined);

interface Pack {
  index: Record<string, [number, number]>;
  tiles: ArrayBuffer;
}

/** The file that web/world.ts writes. */
function opened(content: ArrayBuffer): Pack {
  const length = new DataView(content).getUint32(0, true);
  const index = JSON.parse(new TextDecoder().decode(new Uint8Array(content, 4, length))) as Pack['index'];
  return { index, tiles: content.slice(4 + length) };
}

addProtocol('world', async ({ url }) => {
  const [start, length] = (await pack)?.index[url.replace('world://', '')] ?? [0, 0];
  return { data: (await pack)?.tiles.slice(start, start + length) ?? new ArrayBuffer(0) };
});

/** Land and borders that every map is drawn on: tiles of its own, or what the atlas was started with. */
export async function basemap(): Promise<SourceSpecification> {
  const found = await own;
  return found ? { type: 'geojson', data: collected(found), maxzoom: 7 } : { type: 'vector', tiles: ['world://{z}/{x}/{y}'], maxzoom: 5 };
}

function collected(found: World | FeatureCollection | Feature): FeatureCollection {
  if (found.type !== 'Topology') return found.type === 'FeatureCollection' ? found : { type: 'FeatureCollection', features: [found] };
  // Of a topology without these names, everything is land, and what its parts share are borders.
  const all = Object.values(found.objects);
  const { land = all[0], countries = all[0] } = found.objects;
  if (!land || !countries) return { type: 'FeatureCollection', features: [] };
  const drawn = feature(found, land) as FeatureCollection;
  const borders = mesh(found, countries, (a, b) => a !== b);
  return { type: 'FeatureCollection', features: [...drawn.features, { type: 'Feature', geometry: borders, properties: {} }] };
}
