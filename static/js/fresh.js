// Ages that stay true: when a region was last updated, whether that is too long ago, and "3 min ago" in rows.
import { timing } from './timing.js';

const minute = 60_000;
const hour = 60 * minute;
const day = 24 * hour;

/** How far the server's clock is ahead of this one's, in ms. */
let ahead = Date.parse(document.body.dataset.now ?? '') - (performance.timeOrigin + performance.now()) || 0;

/**
 * The same words as the server writes.
 * @param {number} age in ms
 * @param {number} at
 */
function ago(age, at) {
  if (age < 45_000) return 'just now';
  if (age < hour) return `${Math.max(1, Math.round(age / minute))} min ago`;
  if (age < day) return `${Math.floor(age / hour)} h ago`;
  if (age < 2 * day) return 'yesterday';
  if (age < 30 * day) return `${Math.floor(age / day)} days ago`;
  return new Date(at).toLocaleDateString('en-GB', { day: 'numeric', month: 'short', year: 'numeric' });
}

/**
 * @param {number} age in ms
 * @param {number} at
 */
function updated(age, at) {
  if (age < 2_000) return 'Updated just now';
  if (age < minute) return `Updated ${Math.floor(age / 1000)} s ago`;
  return `Updated ${ago(age, at)}`;
}

function tick() {
  if (document.hidden) return;
  const now = Date.now() + ahead;
  for (const time of document.querySelectorAll('time[data-updated], time[data-relative]')) {
    const at = Date.parse(time.dateTime);
    const age = Math.max(0, now - at);
    const live = time.hasAttribute('data-updated');
    const text = live ? updated(age, at) : ago(age, at);
    if (time.textContent !== text) time.textContent = text;
    if (!live) continue;
    const stale = age > timing.stale;
    time.toggleAttribute('data-stale', stale);
    time.closest('[data-region]')?.toggleAttribute('data-stale', stale);
  }
}

/**
 * A heartbeat: the server's clock, and proof that lists which the stream feeds have missed nothing.
 * @param {string} data JSON with `at`
 */
export function confirm(data) {
  const { at } = JSON.parse(data);
  ahead = Date.parse(at) - Date.now();
  for (const fed of document.querySelectorAll('[data-max-rows], [data-refetch-on]')) {
    const time = fed.closest('[data-region]')?.querySelector('time[data-updated]');
    if (time) time.dateTime = at;
  }
}

document.addEventListener('visibilitychange', tick);
// What a frame or an answer has just put in place shows the server's clock: its age, before anybody sees it.
for (const name of ['htmx:sseMessage', 'htmx:afterSwap']) document.addEventListener(name, tick);
setInterval(tick, timing.tick);
tick();
