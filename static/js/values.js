// Charts: the value of one point in words, for a pointer that rests on it, a finger on it, or the arrow keys.
//
// A range lies behind each drawing (.chart-reader; pointers do not meet it): one tab stop, whose keys are the
// browser's own and whose aria-valuetext screen readers speak when it changes. The words are the point's title, as the
// server wrote them.

const pointed = '.plot-hits rect, .hour';

/** @type {{id: string, index: number, shown: boolean} | null} the reader that spoke last, and of which point */
let last = null;

/**
 * @param {HTMLInputElement} reader
 * @returns {Element[]} the points of that one of its drawings which the width of the screen shows
 */
function points(reader) {
  const drawings = [...reader.parentElement.querySelectorAll('svg, table')];
  const seen = drawings.find((drawing) => drawing.getClientRects().length > 0);
  return [...(seen?.querySelectorAll(pointed) ?? [])];
}

/**
 * The words of a point. They leave its title, or the browser would show them a second time in a while.
 * @param {Element} point
 */
function take(point) {
  const title = point.querySelector('title');
  if (title) {
    point.dataset.says = title.textContent;
    title.remove();
  } else if (point.hasAttribute('title')) {
    point.dataset.says = point.getAttribute('title');
    point.removeAttribute('title');
  }
  return point.dataset.says ?? '';
}

/**
 * @param {HTMLInputElement} reader
 * @param {number} index
 */
function show(reader, index) {
  const all = points(reader);
  if (all.length === 0) return;
  if (last && last.id !== reader.id) hide();
  reader.max = String(all.length - 1);
  reader.value = String(index); // within its bounds: another drawing may have fewer points
  last = { id: reader.id, index: Number(reader.value), shown: true };
  const point = all[last.index];
  const chart = reader.closest('.chart');
  unmark(chart);
  point.classList.add('is-read');
  const lines = take(point).split('\n');
  const said = lines.join(', ');
  if (reader.getAttribute('aria-valuetext') !== said) reader.setAttribute('aria-valuetext', said);
  const spans = lines.map((line) => Object.assign(document.createElement('span'), { textContent: line }));
  chart.querySelector('.chart-reading').replaceChildren(...spans);
  chart.querySelector('.chart-readout').classList.add('is-shown');
}

/**
 * As show, for the keys: the point has to be seen, and not behind its own words.
 * @param {HTMLInputElement} reader
 * @param {number} index
 */
function go(reader, index) {
  show(reader, index);
  reader.closest('.chart').querySelector('.is-read')?.scrollIntoView({ block: 'nearest' });
}

/** @param {Element} chart */
function unmark(chart) {
  for (const point of chart.querySelectorAll('.is-read')) {
    point.classList.remove('is-read');
    if (point.matches('td')) point.setAttribute('title', point.dataset.says); // a table is read cell by cell, too
  }
}

function hide() {
  if (!last?.shown) return;
  last.shown = false;
  const chart = document.getElementById(last.id)?.closest('.chart');
  if (!chart) return;
  unmark(chart);
  chart.querySelector('.chart-readout').classList.remove('is-shown');
}

/**
 * @param {EventTarget | null} target
 * @returns {HTMLInputElement | null}
 */
function asReader(target) {
  return target instanceof Element && target.matches('.chart-reader') ? target : null;
}

document.addEventListener('pointerover', ({ target }) => {
  const reader = target.closest('.chart')?.querySelector('.chart-reader');
  const index = reader ? points(reader).indexOf(target.closest(pointed)) : -1;
  if (index >= 0) return show(reader, index);
  // Within the chart it stays: whoever wants to may point at the words themselves.
  if (!last?.shown || reader?.id === last.id) return;
  hide();
  const focused = asReader(document.activeElement);
  if (focused) show(focused, Number(focused.value));
});

// A finger that moves reads the points it comes to, instead of holding on to the first.
document.addEventListener('pointerdown', ({ target, pointerId }) => {
  if (target.closest('.chart-plot') && target.hasPointerCapture(pointerId)) target.releasePointerCapture(pointerId);
});

document.addEventListener('focusin', ({ target }) => {
  const reader = asReader(target);
  // A chart that was swapped comes with the server's value, and the focus comes back to it.
  if (reader) show(reader, last?.id === reader.id ? last.index : Number(reader.value));
});

document.addEventListener('focusout', ({ target }) => {
  if (asReader(target) && last?.id === target.id) hide();
});

document.addEventListener('input', ({ target }) => {
  const reader = asReader(target);
  if (reader) go(reader, Number(reader.value));
});

document.addEventListener('keydown', (event) => {
  if (event.key === 'Escape') return hide();
  const reader = asReader(event.target);
  if (!reader || !/^(Arrow|Home$|End$|Page)/.test(event.key)) return;
  // After Escape the first key may find nowhere to go: at the end already.
  if (!last?.shown) show(reader, Number(reader.value));
  // In a week, up and down are another row; elsewhere the browser's: one point on, one back.
  const row = points(reader)[Number(reader.value)]?.closest('tr');
  if (!row || !/^Arrow(Up|Down)$/.test(event.key)) return;
  event.preventDefault();
  const wide = row.querySelectorAll(pointed).length;
  const index = Number(reader.value) + (event.key === 'ArrowUp' ? -wide : wide);
  if (index >= 0 && index <= Number(reader.max)) go(reader, index);
});

// A frame leaves the reader that is in use as it is: taken away and given back each second, its words might be spoken
// each second.
Idiomorph.defaults.callbacks.beforeAttributeUpdated = (/** @type {string} */ name, /** @type {Element} */ node) =>
  !(last && node.id === last.id && ['aria-valuetext', 'max', 'value'].includes(name));

// A chart that was replaced is where it was. Twice: htmx gives attributes their new values only when it settles.
for (const name of ['htmx:afterSwap', 'htmx:afterSettle']) {
  document.addEventListener(name, () => {
    const reader = last && document.getElementById(last.id);
    if (reader && last.shown) show(reader, last.index);
    else if (reader && reader === document.activeElement) reader.value = String(last.index);
  });
}
