// A form that is being sent says so on the button that sent it, and is not sent again while its answer is on its way.
import { timing } from './timing.js';

/** @param {Element} element */
function free(element) {
  element.removeAttribute('aria-busy');
}

document.addEventListener('submit', (event) => {
  const { target: form, submitter } = event;
  if (event.defaultPrevented || form.method !== 'post') return;
  if (form.getAttribute('aria-busy') === 'true') {
    event.preventDefault();
    return;
  }
  // Not disabled: the browser would leave out the name and value of the button that was pressed.
  for (const element of [form, submitter]) {
    element?.setAttribute('aria-busy', 'true');
    // An answer that is a download leaves the page as it is.
    if (element) setTimeout(free, timing.answer, element);
  }
});

// The browser's "back" shows the page as it was left.
addEventListener('pageshow', ({ persisted }) => {
  if (persisted) document.querySelectorAll('form[aria-busy], button[aria-busy]').forEach(free);
});
