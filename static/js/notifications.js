// Tells the visitor what is for them alone, on whatever page of the server they are: once, in the tab that they look at.
import { toast } from './toast.js';

const [, guild] = location.pathname.match(/^\/g\/(\d+)/) ?? [];

/** What was told, here or in another tab: "GUILD/NUMBER". */
const told = new Set();

/** @param {string} number of what was told here: the other tabs need not tell it any more */
function done(number) {
  const key = `${guild}/${number}`;
  told.add(key);
  try {
    localStorage.setItem('told', key);
  } catch {
    // Storage is blocked.
  }
}

addEventListener('storage', ({ key, newValue }) => key === 'told' && told.add(newValue));
const said = document.querySelector('[data-told]')?.getAttribute('data-told') ?? '';
for (const number of said.split(' ').filter(Boolean)) done(number);

/**
 * Something is to be told. A tab that is hidden waits until it is looked at: a toast that nobody sees is gone after 5 s.
 * @param {string} data JSON with `number`, `message`, `tone` and `href`
 */
export function notified(data) {
  if (!document.hidden) tell(JSON.parse(data));
  else document.addEventListener('visibilitychange', () => notified(data), { once: true });
}

/** @param {{number: number, message: string, tone: string, href: string}} note */
function tell({ number, message, tone, href }) {
  if (told.has(`${guild}/${number}`)) return;
  done(String(number));
  toast({ message, kind: tone, href });
  // Whoever is told twice because this did not arrive has lost nothing.
  const body = new URLSearchParams({ do: 'seen' });
  fetch(`/g/${guild}/notifications/${number}`, { method: 'POST', body, keepalive: true }).catch(() => {});
}
