// Tells who waits for an export, on whatever page of the server they are by then, that it is over.
import { toast } from './toast.js';

const key = 'exporting';

/** Notes that the visitor waits, where the history says so. */
function remember() {
  const waiting = document.querySelector('[data-exporting]');
  if (waiting) sessionStorage.setItem(key, waiting.getAttribute('data-exporting') ?? '');
}

const endings = {
  done: { message: 'Your export is ready.', kind: 'success' },
  failed: { message: 'Your export failed.', kind: 'error' },
  aborted: { message: 'Your export was aborted.', kind: 'warning' },
};

/**
 * An export has come further.
 * @param {string} data JSON with `state` and `by`
 */
export function exported(data) {
  remember();
  const { state, by } = JSON.parse(data);
  const ending = endings[state];
  if (!ending || sessionStorage.getItem(key) !== by) return;
  sessionStorage.removeItem(key);
  const [, guild] = location.pathname.match(/^\/g\/(\d+)/) ?? [];
  toast({ ...ending, href: guild ? `/g/${guild}/exports` : undefined });
}

remember();
