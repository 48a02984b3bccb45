import type { Row } from './types';

/** What is asked about; the address holds it as KIND:… with parts between colons. */
export interface Asked {
  kind: string;
  /** Table of the study, for limits and rules. */
  table: string;
  subject: string;
  good: string;
  period: string;
}

export function asked(why: string): Asked {
  const [kind = '', ...rest] = why.split(':');
  if (kind === 'limit' || kind === 'rule') return { kind, table: rest[0] ?? '', subject: rest[1] ?? '', good: '', period: rest[2] ?? '' };
  if (kind === 'plant') return { kind, table: 'plants', subject: rest[0] ?? '', good: '', period: rest[1] ?? '' };
  return { kind, table: '', subject: rest[0] ?? '', good: rest[1] ?? '', period: rest[2] ?? '' };
}

const RULES: Record<string, string> = { ban: 'bans', duty: 'duties', quota: 'quotas', commitment: 'commitments' };
const WITH_RENT = new Set(['quotas', 'commitments']);

/** What 'why' can be asked about in a row, if anything. */
export function askable(row: Row): string | null {
  const text = (name: string): string => (typeof row[name] === 'string' ? String(row[name]) : '');
  const [good, period] = [text('good'), text('period')];
  if (text('claim')) return `claim:${text('claim')}`;
  if (text('plant')) return `plant:${text('plant')}:${period}`;
  if (text('place') && good) return `price:${text('place')}:${good}:${period}`;
  if (text('leg')) return `route:${text('leg')}:${good}`;
  if (text('corridor')) return `route:${text('corridor')}:${good}`;
  if (text('kind') === 'closed leg') return `rule:legs:${text('name')}`;
  const table = text('table') || RULES[text('kind')] || '';
  if (table === 'legs' || table === 'leg_goods') return `route:${text('name')}:${good}`;
  if (table === 'plants') return `plant:${text('name')}:${period}`;
  if (WITH_RENT.has(table)) return `limit:${table}:${text('name')}:${period}`;
  if (table) return `rule:${table}:${text('name')}`;
  if (text('destination') && text('legs') && good) return `price:${text('destination')}:${good}:${period}`;
  return null;
}
