// Live lists: rows that arrive by themselves are neither doubled nor lost, do not pile up, and are told to screen
// readers in passing.
import { announce } from './announce.js';
import { toast } from './toast.js';

/** As many rows are remembered as may arrive while a region is being fetched. */
const remembered = 64;

const swiftly = { swapDelay: 0, settleDelay: 20 };

/** @type {{list: string, seq: number, html: string}[]} */
const recent = [];

/** @type {WeakMap<Element, MessageEvent>} */
const latest = new WeakMap();

// htmx listens anew to an element that was morphed and has other attributes than before, without letting go of the old
// listener: the same frame comes twice.
document.addEventListener('htmx:sseBeforeMessage', (event) => {
  if (latest.get(event.target) !== event.detail) {
    latest.set(event.target, event.detail);
    return;
  }
  event.preventDefault();
  event.stopImmediatePropagation();
});

/**
 * The change that a list was rendered at; later than the page's if its region was fetched since.
 * @param {HTMLElement} list
 */
function renderedAt(list) {
  return Number(list.closest('[data-region]')?.dataset.seq ?? 0);
}

/**
 * @param {string} html of a row
 * @returns {HTMLElement | null} the row of the same id on the page
 */
function standing(html) {
  const holder = document.createElement('template');
  holder.innerHTML = html;
  return document.getElementById(holder.content.firstElementChild?.id ?? '');
}

// What the list already shows is dropped by number. A row that stands there has changed (planned, then done) and is
// replaced where it is.
document.addEventListener('htmx:sseBeforeMessage', (event) => {
  const list = event.target;
  if (!list.hasAttribute('data-max-rows')) return;
  const { data: html, lastEventId } = event.detail;
  const seq = lastEventId === '' ? Infinity : Number(lastEventId);
  if (seq <= renderedAt(list)) {
    event.preventDefault();
    return;
  }
  recent.push({ list: list.id, seq, html });
  if (recent.length > remembered) recent.shift();
  const old = standing(html);
  if (!old) return;
  event.preventDefault();
  htmx.swap(old, html, { swapStyle: 'outerHTML', ...swiftly });
});

document.addEventListener('htmx:sseMessage', ({ target: list }) => {
  if (!list.hasAttribute('data-max-rows')) return;
  tidy(list);
  const row = list.firstElementChild;
  announce(row.dataset.say ?? row.textContent);
  const { toast: message, toastHref: href, toastKind: kind } = row.dataset;
  if (message) toast({ message, href, kind });
});

// A region that was fetched may be older than rows which came while it was under way: they are put back.
document.addEventListener('htmx:afterSwap', ({ target }) => {
  for (const list of target.querySelectorAll('[data-max-rows]')) {
    const rendered = renderedAt(list);
    for (const { html } of recent.filter((row) => row.list === list.id && row.seq > rendered && row.seq < Infinity)) {
      const old = standing(html);
      if (old) htmx.swap(old, html, { swapStyle: 'outerHTML', ...swiftly });
      else htmx.swap(list, html, { swapStyle: 'afterbegin', ...swiftly });
    }
    if (list.childElementCount > 0) tidy(list);
  }
});

/** @param {HTMLElement} list that has rows */
function tidy(list) {
  list
    .closest('[data-region]')
    ?.querySelectorAll('[data-empty]')
    .forEach((empty) => empty.remove());
  while (list.childElementCount > Number(list.dataset.maxRows)) list.lastElementChild?.remove();
}
