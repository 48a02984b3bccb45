// Which tables there are, and what of them is shown in which order.

export interface View {
  table: string;
  columns: string[];
  /** Column by which rows are sorted before anyone asks, largest first where it begins with -. */
  sort: string;
  /** Table of the study without whose rows there is nothing to show. */
  needs?: string;
}

export const ANSWER: View[] = [
  { table: 'flows', columns: ['period', 'leg', 'good', 'quantity', 'unit'], sort: '-quantity' },
  { table: 'prices', columns: ['period', 'place', 'good', 'price', 'low', 'high', 'unit', 'traded'], sort: 'place' },
  { table: 'limits', columns: ['period', 'name', 'rent', 'income', 'used', 'limit', 'good', 'table'], sort: '-income' },
  { table: 'consignments', columns: ['period', 'good', 'origin', 'destination', 'quantity', 'unit', 'legs', 'cost', 'days', 'duty'], sort: '-quantity' },
  { table: 'sales', columns: ['period', 'place', 'good', 'agent', 'quantity', 'price', 'unit'], sort: '-quantity' },
  { table: 'purchases', columns: ['period', 'place', 'good', 'agent', 'quantity', 'price', 'unit'], sort: '-quantity' },
  { table: 'orders', columns: ['period', 'side', 'place', 'good', 'state', 'gap', 'limit', 'price', 'quantity', 'left', 'unit', 'agent'], sort: '-gap' },
  { table: 'plants', columns: ['period', 'plant', 'state', 'margin', 'quantity', 'limit', 'place'], sort: 'margin', needs: 'plants' },
  { table: 'trade', columns: ['period', 'reporter', 'partner', 'good', 'quantity', 'unit', 'value'], sort: '-value' },
  { table: 'corridors', columns: ['period', 'corridor', 'good', 'value', 'unit'], sort: '-value' },
  { table: 'modes', columns: ['period', 'mode', 'measure', 'value', 'unit'], sort: '-value' },
  { table: 'claims', columns: ['text', 'use', 'value', 'low', 'high', 'model', 'difference', 'unit', 'agrees', 'why'], sort: '' },
  { table: 'restrictions', columns: [], sort: '' },
];

const CHANGE = ['change', 'cause', 'base', 'other', 'unit'];

export const DIFFERENCE: View[] = [
  { table: 'corridors', columns: ['period', 'corridor', 'good', ...CHANGE], sort: '-change' },
  { table: 'flows', columns: ['period', 'leg', 'good', ...CHANGE], sort: '-change' },
  { table: 'prices', columns: ['period', 'place', 'good', ...CHANGE], sort: '-change' },
  { table: 'limits', columns: ['period', 'table', 'name', 'good', ...CHANGE], sort: '-change' },
  { table: 'inputs', columns: ['table', 'row', 'column', 'before', 'after'], sort: 'table' },
  { table: 'countries', columns: ['country', ...CHANGE], sort: '-change' },
  { table: 'agents', columns: ['agent', ...CHANGE], sort: '-change' },
  { table: 'welfare', columns: ['part', 'country', 'agent', 'name', ...CHANGE], sort: '-change' },
  { table: 'modes', columns: ['period', 'mode', 'measure', ...CHANGE], sort: '-change' },
  { table: 'goods', columns: ['period', 'good', 'measure', ...CHANGE], sort: '-change' },
];

/** Columns that two answers share one scale in, so that their bars can be compared. */
export const SCALED = new Set(['change']);
