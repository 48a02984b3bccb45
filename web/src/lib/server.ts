import type { Parcel } from './parcel';
import type { Opened, Problem, Run } from './types';

/** Where the study in view answers: the one that the atlas was started with, or one that was opened. */
export const root = rooted();

function rooted(): string {
  const opened = new URLSearchParams(location.search).get('study');
  return opened ? `/api/opened/${encodeURIComponent(opened)}` : '/api';
}

/** What the server refused, in its own words. */
export class Refused extends Error {
  constructor(readonly problem: Problem) {
    super(problem.detail);
  }
}

/** The server did not answer at all. */
export class Lost extends Error {
  /** How this is told; set once there is a catalogue. */
  static sentence = '';

  constructor(cause: unknown) {
    super(Lost.sentence || String(cause instanceof Error ? cause.message : cause), { cause });
  }
}

function reached(path: string, init: RequestInit): Promise<Response> {
  return fetch(path, init).catch((cause: unknown) => {
    throw new Lost(cause);
  });
}

const kept = new Map<string, Promise<unknown>>();

/** One answer of the server. */
export async function ask<T>(path: string, body?: unknown): Promise<T> {
  const found = await reached(path, body === undefined ? {} : {
    method: 'POST',
    headers: { 'content-type': 'application/json' },
    body: JSON.stringify(body),
  });
  const told: unknown = await found.json();
  if (!found.ok) throw new Refused(told as Problem);
  return told as T;
}

/** An answer that never changes, asked for once: runs are named by their inputs. */
export function once<T>(path: string): Promise<T> {
  const known = kept.get(path);
  if (known) return known as Promise<T>;
  const found = ask<T>(path);
  kept.set(path, found);
  found.catch(() => kept.delete(path));
  return found;
}

export function begin(scenarios: string[], changes: unknown[]): Promise<Run> {
  return ask<Run>(`${root}/runs`, { scenarios, changes });
}

/** Changes as a scenario file, handed to the reader to be kept. */
export async function keep(title: string, changes: unknown[]): Promise<void> {
  const found = await reached(`${root}/runs/scenario.toml`, {
    method: 'POST',
    headers: { 'content-type': 'application/json' },
    body: JSON.stringify({ title, changes }),
  });
  if (!found.ok) throw new Refused((await found.json()) as Problem);
  const link = document.createElement('a');
  link.href = URL.createObjectURL(await found.blob());
  link.download = `${title.toLowerCase().replace(/[^a-z0-9]+/g, '-').replace(/^-|-$/g, '') || 'mine'}.toml`;
  link.click();
  URL.revokeObjectURL(link.href);
}

export function cancel(run: string): Promise<Run> {
  return ask<Run>(`${root}/runs/${run}/cancel`, {});
}

const over = new Set(['done', 'failed', 'cancelled']);

/** Tells how a run goes on until it is over; gives a function that stops listening. */
export function follow(run: Run, tell: (run: Run) => void, lost: () => void): () => void {
  if (over.has(run.state)) {
    tell(run);
    return () => undefined;
  }
  const events = new EventSource(`${root}/runs/${run.id}/events`);
  events.addEventListener('run', (event) => {
    const told = JSON.parse((event as MessageEvent<string>).data) as Run;
    tell(told);
    if (over.has(told.state)) events.close();
  });
  events.onerror = () => lost();
  return () => events.close();
}

/** Send a study that was dropped or chosen. */
export async function open(parcel: Parcel): Promise<Opened> {
  const found = await reached(`/api/opened?name=${encodeURIComponent(parcel.name)}`, {
    method: 'POST',
    headers: { 'content-type': 'application/octet-stream' },
    body: parcel.content,
  });
  const told: unknown = await found.json();
  if (!found.ok) throw new Refused(told as Problem);
  return told as Opened;
}
