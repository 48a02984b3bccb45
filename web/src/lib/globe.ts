import { Map as Globe } from 'maplibre-gl';
import { basemap } from './basemap';
import { style } from './layers';

/** A map of the world and nothing on it yet, in a box of its own; fails where there is no WebGL. */
async function made(): Promise<Globe> {
  const box = document.createElement('div');
  box.className = 'globe';
  const globe = new Globe({
    container: box,
    style: style(await basemap()),
    center: [45, 40],
    zoom: 0.9,
    attributionControl: false,
    dragRotate: false,
    pitchWithRotate: false,
    fadeDuration: 0,
    renderWorldCopies: true,
  });
  await globe.once('load');
  return globe;
}

// The first one is begun while the study is asked for: the browser has then compiled what draws it.
let first: Promise<Globe> | undefined = made();
first.catch(() => undefined);

/** A map in a box of the page: the one that was begun with the page, or another one.
 *  Fails where there is no WebGL. */
export async function globeIn(box: HTMLElement): Promise<Globe> {
  const asked = first ?? made();
  first = undefined;
  const globe = await asked;
  box.append(globe.getContainer());
  globe.resize();
  return globe;
}
