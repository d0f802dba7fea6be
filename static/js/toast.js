// Toasts: short messages that go by themselves after 5 s, wait while somebody reads them, and open their page on a
// click.
import { timing } from './timing.js';

/** More than this cover a phone's screen; the oldest goes. */
const most = 4;

/**
 * @typedef {object} Toast
 * @property {string} message
 * @property {string} [kind] info, success, warning or error
 * @property {string} [href] a page of this site
 */

/** @param {Toast} toast */
export function toast({ message, kind = 'info', href }) {
  const box = document.querySelector('[data-toasts]');
  if (!box || !message) return;
  const element = document.createElement('div');
  element.className = `toast toast-${kind}`;
  const target = href ? new URL(href, location.href) : null;
  const text = document.createElement(target?.origin === location.origin ? 'a' : 'span');
  text.className = 'toast-text';
  text.textContent = message;
  if (text instanceof HTMLAnchorElement && target) text.href = target.href;
  element.append(text, closer(element));
  box.append(element);
  while (box.childElementCount > most) box.firstElementChild?.remove();
  expire(element);
}

/** @param {HTMLElement} element */
function closer(element) {
  const button = document.createElement('button');
  button.type = 'button';
  button.className = 'toast-close';
  button.setAttribute('aria-label', 'Close');
  button.textContent = '×';
  button.addEventListener('click', () => element.remove());
  return button;
}

/** @param {HTMLElement} element */
function expire(element) {
  let timer = 0;
  const start = () => (timer = setTimeout(() => element.remove(), timing.toast));
  const stop = () => clearTimeout(timer);
  for (const name of ['mouseenter', 'focusin']) element.addEventListener(name, stop);
  for (const name of ['mouseleave', 'focusout']) element.addEventListener(name, start);
  start();
}

// From an answer's HX-Trigger header: htmx makes an event of it.
document.addEventListener('toast', ({ detail }) => toast(detail));

for (const flash of document.querySelectorAll('[data-toasts] [data-flash]')) {
  const { flash: kind, toastHref: href } = flash.dataset;
  flash.remove();
  toast({ message: flash.textContent.trim(), kind, href });
}
