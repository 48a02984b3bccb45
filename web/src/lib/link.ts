import type { Map as Globe } from 'maplibre-gl';

/** Maps that show the same part of the world: where one is moved, the others follow. */
export class Link {
  private readonly maps: Globe[] = [];
  private following = false;

  add(map: Globe): void {
    const [first] = this.maps;
    if (first) map.jumpTo({ center: first.getCenter(), zoom: first.getZoom() });
    this.maps.push(map);
    map.on('move', () => this.follow(map));
  }

  remove(map: Globe): void {
    const at = this.maps.indexOf(map);
    if (at >= 0) this.maps.splice(at, 1);
  }

  private follow(moved: Globe): void {
    if (this.following) return;
    this.following = true;
    for (const map of this.maps) if (map !== moved) map.jumpTo({ center: moved.getCenter(), zoom: moved.getZoom() });
    this.following = false;
  }
}
