// What the server answers; see /api/openapi.json.

export type Value = string | number | boolean | null;
export type Row = Record<string, Value>;

export interface Problem {
  status: number;
  kind: string;
  detail: string;
  /** Everything that is wrong, where it is a study that is. */
  problems: Fault[];
}

export interface Fault {
  file: string;
  row: number | null;
  /** In a workbook: legs!B7. */
  cell: string | null;
  column: string | null;
  value: string | null;
  message: string;
  remedy: string;
}

/** A study that can be looked at; an empty id is the one that the atlas was started with. */
export interface Opened {
  id: string;
  name: string;
  title: string;
}

export interface Run {
  id: string;
  scenarios: string[];
  titles: string[];
  state: 'waiting' | 'running' | 'done' | 'failed' | 'cancelled';
  stage: string;
  seconds: number;
  problem: Problem | null;
  account?: { welfare: number; duty_revenue: number; status: string; currency: string } | null;
}

export interface Declared {
  name: string;
  meaning: string;
  rows: number;
  key: string[];
  columns: Field[];
}

export interface Field {
  name: string;
  kind: string;
  unit: string;
  meaning: string;
  required: boolean;
  default: Value;
  refers_to: string[];
  one_of: string[];
  at_least: number | null;
  at_most: number | null;
  example: string;
}

export interface Study {
  name: string;
  input: string;
  settings: { title: string; currency: string; period: string | null };
  tables: Declared[];
  scenarios: { name: string; title: string }[];
  shown: string[][];
}

export interface Leg {
  name: string;
  mode: string;
  ends: [string, string];
}

export interface Names {
  place: Record<string, string>;
  good: Record<string, { name: string; unit: string; colour: string }>;
  leg: Record<string, Leg>;
  corridor: Record<string, string>;
  country: Record<string, string>;
}

export interface Table {
  columns: { name: string; kind: 'number' | 'text' | 'flag' }[];
  rows: Row[];
}

export interface Kind {
  name: string;
  unit: string;
  colour: string;
  good: string | null;
}

export interface Spot {
  place: string | null;
  name: string;
  at: [number, number];
  kind: 'port' | 'border' | 'place' | 'way';
  trade: number;
  sells: boolean;
  full: string;
  closed: boolean;
}

export interface Drawn {
  kinds: Kind[];
  spots: Spot[];
  lines: [number, number, 'used' | 'unused' | 'closed', boolean, boolean][];
  bands: [number, number, number, number][];
  legs: [string, number, number][];
  nowhere: string[];
  rules: { kind: 'ban' | 'quota'; name: string; told: string; lines: [number, number][]; at: [number, number][] }[];
}

export interface Explained {
  period: string;
  place: string;
  good: string;
  price: number | null;
  low: number | null;
  high: number | null;
  unit: string;
  currency: string;
  rows: { step: number; part: string; name: string; amount: number }[];
  notes: string[];
}

/** A figure with a rule and without it; which names it has depends on what it is of. */
export interface LiftedRow {
  measure?: string;
  country?: string | null;
  place?: string;
  leg?: string;
  good?: string;
  market?: boolean;
  base: number | null;
  other: number | null;
  change: number | null;
}

/** What would change without a rule. */
export interface Lifted {
  currency: string;
  matters: boolean;
  totals: LiftedRow[];
  countries: LiftedRow[];
  prices: LiftedRow[];
  flows: LiftedRow[];
}

/** One part of a price in two answers. */
export interface PartChange {
  part: string;
  name: string;
  base: number;
  other: number;
  change: number;
}

export interface WhyPlant {
  place: string;
  state: string;
  margin: number | null;
  currency: string;
  rows: { part: string; good: string; amount: number; price: number | null; value: number | null }[];
}

export interface WhyLimit {
  limits: { period: string; used: number; limit: number; rent: number }[];
  rows: { good: string; origin: string; by: string; place: string; quantity: number; paid: number }[];
  currency: string;
}

export interface WhyNot {
  asked: string;
  rows: Row[];
  rivals: Row[];
  text: string;
}
