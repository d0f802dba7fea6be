// What people are told when something could not be fetched. Never the server's own words: an error page is no sentence.

/** What a refused request means, by status; 0 is none at all. */
const meanings = {
  0: 'The server does not answer.',
  401: 'Your session is over. Sign in again.',
  403: 'You may not do this.',
  404: 'This is no longer here.',
  413: 'That was too large.',
  429: 'Too many requests. Wait a moment.',
  503: 'The server is busy. Try again in a moment.',
};

/** @param {number} status */
export function meaning(status) {
  return meanings[status] ?? 'Something went wrong on the server.';
}

/**
 * Says in the region that it failed, above what it showed before.
 * @param {HTMLElement} region
 * @param {string} reason
 * @param {() => void} again
 */
export function fail(region, reason, again) {
  region.setAttribute('data-failed', '');
  region.querySelector('.panel-failed')?.remove();
  const note = document.createElement('div');
  note.className = 'panel-failed';
  note.setAttribute('role', 'alert');
  const text = document.createElement('p');
  text.textContent = `This could not be loaded. ${reason}`;
  const button = document.createElement('button');
  button.type = 'button';
  button.className = 'button';
  button.textContent = 'Try again';
  button.addEventListener('click', () => {
    button.disabled = true;
    again();
  });
  note.append(text, button);
  region.prepend(note);
}
