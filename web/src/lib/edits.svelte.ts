import { go, place } from './place.svelte';
import type { Row, Value } from './types';

/** A change of the study, as a scenario file states it. */
export interface Change {
  table: string;
  where?: Record<string, Value>;
  set?: Record<string, number | string>;
}

/** Changes in the address, so that they are shared and survive a reload. */
export function edits(): Change[] {
  try {
    const found: unknown = JSON.parse(place.edits ?? '[]');
    return Array.isArray(found) ? (found as Change[]) : [];
  } catch {
    return [];
  }
}

/** Changes that were undone, the last one last. */
let undone: Change[] = $state([]);

function put(changes: Change[]): void {
  const first = place.edits === null && changes.length > 0;
  // The first change opens the comparison with what was there before.
  const more = first && place.against === null ? { against: place.scenario ?? '', table: null, sort: null, filter: null, pick: null } : {};
  go({ edits: changes.length ? JSON.stringify(changes) : null, ...more });
}

export function edit(change: Change): void {
  undone = [];
  put([...edits(), change]);
}

export function undo(): void {
  const all = edits();
  const last = all.pop();
  if (!last) return;
  undone = [...undone, last];
  put(all);
}

export function redo(): void {
  const last = undone.at(-1);
  if (!last) return;
  undone = undone.slice(0, -1);
  put([...edits(), last]);
}

export function canRedo(): boolean {
  return undone.length > 0;
}

const TELL = ['place', 'good', 'agent', 'period', 'leg', 'quantity', 'price', 'slope'];

/** What picks this row and no other of its table. */
export function whereOf(row: Row, key: string[]): Record<string, Value> {
  const names = key.length ? key : TELL;
  const given = names.filter((name) => row[name] !== null && row[name] !== undefined);
  return Object.fromEntries(given.map((name) => [name, row[name] ?? null]));
}

/** One change in words. */
export function told(change: Change, name: (where: Record<string, Value>) => string): string {
  const set = Object.entries(change.set ?? {}).map(([column, value]) => `${column} = ${value === '' ? '–' : value}`);
  return `${name(change.where ?? {})}: ${set.join(', ')}`;
}
