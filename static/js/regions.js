// Regions: the parts of a page that can be fetched again by themselves, what is shown while they load and when that
// fails.
import { fail, meaning } from './failure.js';
import { toast } from './toast.js';
import { timing } from './timing.js';

const morph = { swapStyle: 'morph:outerHTML', swapDelay: 0, settleDelay: 20 };

/** @type {Map<string, Promise<boolean>>} */
const running = new Map();
/** @type {Map<string, Promise<boolean>>} */
const waiting = new Map();
/** @type {Set<string>} regions whose panel frame came after their fetch began: the frame is newer */
const overtaken = new Set();
/** @type {Map<string, {again: boolean}>} */
const resting = new Map();

/** @returns {HTMLElement[]} */
export function regions() {
  return [...document.querySelectorAll('[data-region]')];
}

/**
 * Fetches a region and puts it in the old one's place.
 * @param {HTMLElement} region
 * @param {{quiet?: boolean}} [how] quiet: a failure leaves the region as it is; its age tells
 * @returns {Promise<boolean>} whether that worked
 */
export function refetch(region, { quiet = false } = {}) {
  const name = region.dataset.region ?? '';
  const next = waiting.get(name);
  if (next) return next;
  const now = running.get(name);
  if (!now) return begin(name, quiet);
  // What is under way may have been rendered before the change that asks for this one.
  const after = now.then(() => {
    waiting.delete(name);
    return begin(name, quiet);
  });
  waiting.set(name, after);
  return after;
}

/**
 * Fetches all regions, one after the other: a page with ten of them must not fill its six connections while people
 * click.
 * @param {{quiet?: boolean}} [how]
 * @returns {Promise<boolean>} whether all of that worked
 */
export async function refetchAll(how) {
  let good = true;
  for (const region of regions()) good = (await refetch(region, how)) && good;
  return good;
}

/**
 * Fetches a region at most once a second: now, and once more at the end of the second if it was asked to meanwhile.
 * @param {HTMLElement} region
 */
export function refetchSoon(region) {
  const name = region.dataset.region ?? '';
  const rest = resting.get(name);
  if (rest) {
    rest.again = true;
    return;
  }
  const begun = { again: false };
  resting.set(name, begun);
  refetch(region, { quiet: true });
  setTimeout(() => {
    resting.delete(name);
    const now = find(name);
    if (begun.again && now) refetchSoon(now);
  }, timing.refetch);
}

/**
 * @param {string} name
 * @returns {HTMLElement | null}
 */
function find(name) {
  return document.querySelector(`[data-region="${CSS.escape(name)}"]`);
}

/**
 * @param {string} name
 * @param {boolean} quiet
 */
function begin(name, quiet) {
  const run = replace(name, quiet).finally(() => running.delete(name));
  running.set(name, run);
  return run;
}

/**
 * @param {string} name
 * @param {boolean} quiet
 */
async function replace(name, quiet) {
  find(name)?.setAttribute('aria-busy', 'true');
  overtaken.delete(name);
  try {
    const html = await load(name);
    const region = find(name);
    if (region && !overtaken.has(name)) htmx.swap(region, html, morph, { contextElement: region });
    return true;
  } catch (problem) {
    const region = find(name);
    if (region && !quiet) fail(region, problem.message, () => refetch(region));
    return false;
  } finally {
    find(name)?.removeAttribute('aria-busy');
  }
}

/**
 * @param {string} name
 * @returns {Promise<string>} the region's HTML; rejects with a sentence for people
 */
async function load(name) {
  // A form that came back stands where it was posted to; its page is elsewhere.
  const url = new URL(document.body.dataset.home ?? location.href, location.href);
  url.searchParams.set('region', name);
  let answer;
  let html = '';
  try {
    answer = await fetch(url, {
      headers: { 'HX-Request': 'true' },
      cache: 'no-store',
      signal: AbortSignal.timeout(timing.answer),
    });
    html = await answer.text();
  } catch {
    throw new Error(meaning(0));
  }
  if (!answer.ok) throw new Error(meaning(answer.status));
  const holder = document.createElement('template');
  holder.innerHTML = html;
  const region = holder.content.querySelector(`[data-region="${CSS.escape(name)}"]`);
  // An answer without the region is somebody else's page: a sign-in form, a proxy's error.
  if (!region) throw new Error('The server sent something else.');
  return region.outerHTML;
}

/**
 * The region that an htmx request is about: around its target, or inside where the target is a region's slot.
 * @param {CustomEvent} event
 * @returns {HTMLElement | null}
 */
function about({ detail: { target } }) {
  return target?.closest('[data-region]') ?? target?.querySelector('[data-region]') ?? null;
}

/**
 * A request of htmx's has failed: its region says so, or a toast where there is none. What a frame began and nobody
 * asked for is quiet.
 * @param {CustomEvent} event
 */
function failed(event) {
  const { xhr, requestConfig } = event.detail;
  if (requestConfig?.triggeringEvent?.type.startsWith('sse:')) return;
  const reason = meaning(xhr?.status ?? 0);
  const region = about(event);
  if (region && requestConfig?.verb === 'get') fail(region, reason, () => refetch(region));
  else toast({ message: reason, kind: 'error' });
}

document.addEventListener('htmx:sseMessage', ({ detail }) => overtaken.add(detail.type));
for (const name of ['htmx:responseError', 'htmx:sendError', 'htmx:timeout']) document.addEventListener(name, failed);
document.addEventListener('htmx:beforeRequest', (event) => about(event)?.setAttribute('aria-busy', 'true'));
document.addEventListener('htmx:afterRequest', (event) => about(event)?.removeAttribute('aria-busy'));
