// What screen readers are told: politely, and at most every few seconds, as a busy server would talk without end.
import { timing } from './timing.js';

/** @type {string[]} */
let waiting = [];
let planned = false;
let last = -Infinity;

/** @param {string} text of one piece of news; several are told as a number */
export function announce(text) {
  waiting.push(text.replace(/\s+/g, ' ').trim());
  if (planned) return;
  planned = true;
  setTimeout(tell, Math.max(200, last + timing.say - performance.now()));
}

function tell() {
  const region = document.querySelector('[data-announce]');
  if (region) region.textContent = waiting.length === 1 ? waiting[0] : `${waiting.length} new events`;
  waiting = [];
  planned = false;
  last = performance.now();
}
