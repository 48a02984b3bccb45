import type { Leg, Names, Row, Value } from './types';

/** A sentence of the catalogue with its values put in. */
export type Say = (name: string, values?: Record<string, string | number>) => string;

export function teller(sentences: Record<string, string>): Say {
  return (name, values = {}) =>
    (sentences[name] ?? name).replace(/\{(\w+)\}/g, (_, key: string) => String(values[key] ?? ''));
}

/** Digits after the point with which the largest number shows three figures or more. */
export function digitsFor(values: (number | null)[]): number {
  const largest = values.reduce<number>((most, v) => Math.max(most, Math.abs(v ?? 0)), 0);
  if (largest >= 1000) return 0;
  if (largest >= 100) return 1;
  return largest >= 1 || largest === 0 ? 2 : 4;
}

export function figure(value: number, digits: number, signed = false): string {
  const text = value.toLocaleString('en', {
    minimumFractionDigits: digits,
    maximumFractionDigits: digits,
    signDisplay: signed ? 'exceptZero' : 'negative',
  });
  return text;
}

/** One large number with its unit: 15,637 million USD. */
export function amount(value: number, unit: string, say: Say, signed = false, digits?: number): string {
  const size = Math.abs(value);
  const plain = /^\d/.test(unit);
  const [factor, word] =
    plain || size < 1e6 ? [1, ''] : size >= 1e9 ? [1e6, say('number.million')] : [1e3, say('number.thousand')];
  const scaled = value / factor;
  return [figure(scaled, digits ?? digitsFor([scaled]), signed), word, plain ? `× ${unit}` : unit].filter(Boolean).join(' ');
}

function ends(names: Names, leg: string): [Leg | undefined, string, string] {
  const found = names.leg[leg.replace(/~$/, '')];
  const [start, end] = found?.ends ?? ['', ''];
  return leg.endsWith('~') ? [found, end, start] : [found, start, end];
}

export function legName(names: Names, leg: string): string {
  const [found, start, end] = ends(names, leg);
  if (!found || found.mode === 'transfer') return found?.name ?? leg;
  return `${found.mode} ${names.place[start] ?? start} – ${names.place[end] ?? end}`;
}

/** Legs of a journey as `rail to Bronka, sea`, as the report tells them. */
export function routeName(names: Names, legs: string): string {
  const told: [string, string][] = [];
  for (const leg of legs.split(';').filter(Boolean)) {
    const [found, , end] = ends(names, leg);
    if (found?.mode === 'transfer') continue;
    const mode = found?.mode ?? leg;
    if (told.at(-1)?.[0] === mode) told.pop();
    told.push([mode, names.place[end] ?? end]);
  }
  const last = told.pop();
  return [...told.map(([mode, at]) => `${mode} → ${at}`), ...(last ? [last[0]] : [])].join(', ');
}

const PLACES = new Set(['place', 'origin', 'destination', 'rival_origin']);
const COUNTRIES = new Set(['country', 'reporter', 'partner']);

/** A cell's words. */
export function words(names: Names, column: string, value: Value, row: Row): string {
  if (value === null) return '';
  const text = String(value);
  // Rules are about countries too.
  if (PLACES.has(column)) return names.place[text] ?? names.country[text] ?? text;
  if (COUNTRIES.has(column)) return names.country[text] ?? text;
  if (column === 'good') return names.good[text]?.name ?? text;
  if (column === 'leg') return legName(names, text);
  if (column === 'corridor') return names.corridor[text] ?? text;
  if (column === 'legs' || column === 'journey' || column === 'rival') return routeName(names, text);
  if (column === 'name' && (row.table === 'legs' || row.table === 'leg_goods' || row.kind === 'closed leg')) return legName(names, text);
  return text;
}
