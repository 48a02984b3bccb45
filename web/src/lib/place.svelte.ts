// The address is the state: whoever has it sees the same.

const KEYS = ['study', 'scenario', 'against', 'table', 'filter', 'good', 'sort', 'why', 'pick', 'edits', 'maps', 'journey'] as const;
type Key = (typeof KEYS)[number];
export type Place = Record<Key, string | null>;

function read(): Place {
  const query = new URLSearchParams(location.search);
  return Object.fromEntries(KEYS.map((key) => [key, query.get(key)])) as Place;
}

export const place: Place = $state(read());

window.addEventListener('popstate', () => Object.assign(place, read()));

/** Go somewhere else; `quietly` where a step back should not lead through it. */
export function go(to: Partial<Place>, quietly = false): void {
  Object.assign(place, to);
  const query = new URLSearchParams();
  for (const key of KEYS) {
    const value = place[key];
    if (value !== null && (value !== '' || key === 'against')) query.set(key, value);
  }
  const text = query.toString();
  const address = text ? `?${text}` : location.pathname;
  if (address === location.search) return;
  if (quietly) history.replaceState(null, '', address);
  else history.pushState(null, '', address);
}

/** Names of scenarios joined by + in an address. */
export function parted(scenarios: string | null): string[] {
  return scenarios ? scenarios.split('+') : [];
}
