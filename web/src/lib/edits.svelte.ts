import { go, parted, place } from './place.svelte';
import { begin, Refused } from './server';
import type { Row, Value } from './types';

/** A change of the study, as a scenario file states it. */
export interface Change {
  table: string;
  where?: Record<string, Value>;
  set?: Record<string, number | string>;
  add?: Record<string, Value>[];
  remove?: boolean;
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

/** Make a change if the study takes it; gives what is wrong with it, nothing where it is sound. */
export async function tried(change: Change, scenario: string | null): Promise<string> {
  try {
    await begin(parted(scenario), [...edits(), change]);
  } catch (error) {
    if (error instanceof Refused && error.problem.problems.length) {
      return error.problem.problems.map(({ column, value, message, remedy }) => [column, value === null ? '' : `= ${value}`, `${message};`, remedy].filter(Boolean).join(' ')).join('\n');
    }
    return String(error instanceof Error ? error.message : error);
  }
  edit(change);
  return '';
}

/** All changes in their order, those that were undone among them, and how many of them hold. */
export function history(): { all: Change[]; held: number } {
  const held = edits();
  return { all: [...held, ...[...undone].reverse()], held: held.length };
}

/** Go to the moment after the first so many changes. */
export function travel(count: number): void {
  const { all, held } = history();
  const to = Math.max(0, Math.min(count, all.length));
  if (to === held) return;
  undone = all.slice(to).reverse();
  put(all.slice(0, to));
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
  if (change.add) return `+ ${change.table}: ${change.add.map(name).join('; ')}`;
  return `${name(change.where ?? {})}: ${change.remove ? '×' : set.join(', ')}`;
}
