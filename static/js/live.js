// The page's end of the stream: gives htmx's SSE extension its source, and sends on what is not a swap.
//
// Markup (README.md beside this file has every attribute):
//   sse-connect       the stream, with the change that the page was rendered at as `after`
//   data-region       what can be refetched; data-refetch-on what refetches itself when a frame of that name comes
//   data-max-rows     a live list
//   data-connection   shows the state
import { follow } from './connection.js';
import { confirm } from './fresh.js';
import { changes } from './frames.js';
import { notified } from './notifications.js';
import { refetch, refetchAll, refetchSoon, regions } from './regions.js';
import './rows.js';
import { SharedSource } from './source.js';

/**
 * The regions that show what frames of this name say.
 * @param {string} name
 */
function showing(name) {
  const swapped = `[sse-swap="${CSS.escape(name)}"]`;
  const fed = regions().filter(
    (region) => region.dataset.region === name || region.matches(swapped) || region.querySelector(swapped),
  );
  return [...fed, ...listeners(name)];
}

/**
 * The regions that refetch themselves on frames of this name.
 * @param {string} name
 */
function listeners(name) {
  return regions().filter((region) => (region.dataset.refetchOn ?? '').split(' ').includes(name));
}

htmx.createEventSource = (/** @type {string} */ url) => {
  const source = new SharedSource(url);
  source.addEventListener('connection', ({ detail }) => follow(detail));
  source.addEventListener('resync', () => refetchAll({ quiet: true }));
  source.addEventListener('refetch', ({ data }) => showing(JSON.parse(data).name).forEach((region) => refetch(region)));
  source.addEventListener('heartbeat', ({ data }) => confirm(data));
  source.addEventListener('notification', ({ data }) => notified(data));
  for (const name of changes) source.addEventListener(name, () => listeners(name).forEach(refetchSoon));
  return source;
};
