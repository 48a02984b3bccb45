import { begin, once, root } from './server';
import type { Drawn } from './types';

/** What every view of a study asks for, asked for before the page itself is there. */
export function askEarly(): void {
  const asked = [
    ...['/api/catalogue', `${root}/study`, `${root}/names`].map((each) => once(each)),
    begin([], []).then((run) => (run.state === 'done' ? once<Drawn>(`${root}/runs/${run.id}/map.json`) : undefined)),
  ];
  // Whoever needs an answer asks again, and tells what is wrong.
  for (const each of asked) each.catch(() => undefined);
}
