// Shows whether the page is live, and fetches its regions now and then while it is not.
import { refetchAll } from './regions.js';
import { timing } from './timing.js';

const words = { live: 'Live', reconnecting: 'Reconnecting', offline: 'Offline' };

/** @type {import('./stream.js').State | null} */
let state = null;
let downSince = 0;
let met = false; // it was live before
let clock = 0;
let poll = 0;
let pause = timing.poll;
let polled = 0;

/**
 * Takes the stream's state.
 * @param {import('./stream.js').State} next
 */
export function follow(next) {
  if (next.state !== 'live' && (!state || state.state === 'live')) downSince = Date.now();
  met ||= next.state === 'live';
  state = next;
  show();
  clock ||= setInterval(() => state.state === 'live' || show(), timing.tick);
  if (polls()) {
    if (!poll) plan((pause = timing.poll));
  } else {
    clearTimeout(poll);
    poll = 0;
  }
}

/** An ended stream is the end of the page's news, but who only has too many streams (4005) may still look. */
function polls() {
  return state.state === 'ended' ? state.code === 4005 : state.state !== 'live';
}

/** @param {number} wait */
function plan(wait) {
  poll = setTimeout(async () => {
    if (!document.hidden) polled = Date.now();
    const good = document.hidden || (await refetchAll({ quiet: true }));
    pause = good ? timing.poll : Math.min(2 * pause, timing.pollLongest);
    if (poll) plan(pause);
  }, wait);
}

function show() {
  const name = level();
  for (const element of document.querySelectorAll('[data-connection]')) {
    element.setAttribute('data-state', name);
    write(element.querySelector('[data-connection-text]') ?? element, text(name));
    write(element.querySelector('[data-connection-detail]'), detail());
  }
}

function level() {
  if (state.state === 'live') return 'live';
  const long = Date.now() - downSince > timing.offline;
  return state.state === 'ended' || long || navigator.onLine === false ? 'offline' : 'reconnecting';
}

/** @param {string} name */
function text(name) {
  return state.reason ?? (!met && name === 'reconnecting' ? 'Connecting' : words[name]);
}

function detail() {
  if (!state.at) return '';
  const seconds = Math.ceil((state.at - Date.now()) / 1000);
  return seconds > 0 ? `next try in ${seconds} s` : '';
}

/**
 * @param {Element | null} element
 * @param {string} text
 */
function write(element, text) {
  // The same text written again would be read out again.
  if (element && element.textContent !== text) element.textContent = text;
}

// A tab that nobody looked at has not polled: it does when somebody does.
document.addEventListener('visibilitychange', () => {
  if (!poll || document.hidden || Date.now() - polled < timing.poll) return;
  clearTimeout(poll);
  plan(0);
});
