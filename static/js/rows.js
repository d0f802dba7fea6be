// Live lists: rows that arrive by themselves never double, never pile up, and are told to screen readers in passing.
import { announce } from './announce.js';
import { toast } from './toast.js';

/**
 * @param {string} html
 * @returns {HTMLElement | null} the first element, outside the page
 */
function parse(html) {
  const holder = document.createElement('template');
  holder.innerHTML = html;
  return /** @type {HTMLElement | null} */ (holder.content.firstElementChild);
}

// A region that was refetched after the page was rendered may already show what the stream is only bringing. Older changes are dropped by
// number; a row that stands there already has changed (planned, then done) and is replaced where it stands.
document.addEventListener('htmx:sseBeforeMessage', (event) => {
  const list = event.target;
  if (!list.hasAttribute('data-max-rows')) return;
  const { data, lastEventId } = event.detail;
  const rendered = Number(list.closest('[data-region]')?.dataset.seq ?? 0);
  const standing = document.getElementById(parse(data)?.id ?? '');
  if (lastEventId !== '' && Number(lastEventId) <= rendered) {
    event.preventDefault();
  } else if (standing) {
    event.preventDefault();
    htmx.swap(standing, data, { swapStyle: 'outerHTML', swapDelay: 0, settleDelay: 20 });
  }
});

document.addEventListener('htmx:sseMessage', ({ target: list }) => {
  if (!list.hasAttribute('data-max-rows')) return;
  list.closest('[data-region]')?.querySelectorAll('[data-empty]').forEach((empty) => empty.remove());
  const row = list.firstElementChild;
  while (list.childElementCount > Number(list.dataset.maxRows)) list.lastElementChild.remove();
  announce(row.dataset.say ?? row.textContent);
  const { toast: message, toastHref: href, toastKind: kind } = row.dataset;
  if (message) toast({ message, href, kind });
});
