// What htmx's SSE extension takes for an EventSource: events come from the shared worker, or from a hub in this page
// where the browser has no shared workers. It reconnects by itself, so it is never CLOSED before somebody closes it.
import { Hub } from './hub.js';
import { timing } from './timing.js';

/** @type {Hub | undefined} */
let ownHub;

/** @returns {MessagePort} of a hub in this page */
function inPage() {
  const { port1, port2 } = new MessageChannel();
  ownHub ??= new Hub();
  ownHub.adopt(port1);
  return port2;
}

/**
 * @param {() => void} failed called when the worker's script cannot run
 * @returns {MessagePort}
 */
function inWorker(failed) {
  const worker = new SharedWorker(new URL('./live-worker.js', import.meta.url), { type: 'module', name: 'live' });
  worker.onerror = failed;
  return worker.port;
}

/** Events beside the stream's own: connection, with a State of stream.js as its detail. */
export class SharedSource extends EventTarget {
  readyState = EventSource.CONNECTING;
  /** @type {((event: Event) => void) | null} */ onopen = null;
  // For the extension to set. It is never called: all that the extension does then is to log an error and to look for
  // CLOSED.
  /** @type {((event: Event) => void) | null} */ onerror = null;
  #url;
  /** @type {MessagePort | null} */ #port = null;
  #alone = !globalThis.SharedWorker;
  #heard = 0;
  #watch = 0;

  /** @param {string | URL} url with the page's change number as `after` */
  constructor(url) {
    super();
    this.#url = new URL(url, location.href);
    this.url = this.#url.href;
    // A page in the back-forward cache has no stream; it joins again, where it was, when it is shown.
    addEventListener('pagehide', () => this.#part());
    addEventListener('pageshow', (event) => event.persisted && this.#join(true));
    addEventListener('online', () => this.#port?.postMessage({ type: 'wake' }));
    // The worker asks every 20 s. Silence for three times that: this tab was frozen and dropped, or the worker died.
    document.addEventListener('visibilitychange', () => this.#check());
    this.#join(false);
  }

  close() {
    this.#part();
    this.readyState = EventSource.CLOSED;
  }

  /** @param {boolean} again */
  #join(again) {
    if (this.readyState === EventSource.CLOSED) return;
    this.#part();
    this.#port = this.#alone ? inPage() : inWorker(() => this.#goAlone());
    this.#port.onmessage = ({ data }) => this.#hear(data);
    this.#port.postMessage({ type: 'join', url: this.#url.href, timing, again });
    this.#heard = Date.now();
    this.#watch = setInterval(() => this.#check(), timing.ping);
  }

  #part() {
    clearInterval(this.#watch);
    this.#port?.postMessage({ type: 'bye' });
    this.#port?.close();
    this.#port = null;
  }

  #check() {
    if (!document.hidden && this.#port && Date.now() - this.#heard > 3 * timing.ping) this.#join(true);
  }

  #goAlone() {
    this.#alone = true;
    this.#join(true);
  }

  /** @param {import('./hub.js').ToTab | {type: 'unable'}} message */
  #hear(message) {
    this.#heard = Date.now();
    if (message.type === 'ping') this.#port?.postMessage({ type: 'here' });
    else if (message.type === 'unable') this.#goAlone();
    else if (message.type === 'state') this.#become(message.state);
    else this.#deliver(message.frames, message.seq);
  }

  /**
   * @param {import('./frames.js').Frame[]} frames
   * @param {number | null} seq of the change, null for none
   */
  #deliver(frames, seq) {
    if (seq !== null) this.#url.searchParams.set('after', String(seq));
    for (const { name, data } of frames) {
      this.dispatchEvent(new MessageEvent(name, { data, lastEventId: String(seq ?? '') }));
    }
  }

  /** @param {import('./stream.js').State} state */
  #become(state) {
    const was = this.readyState;
    const live = state.state === 'live';
    this.readyState = live ? EventSource.OPEN : EventSource.CONNECTING;
    this.dispatchEvent(new CustomEvent('connection', { detail: state }));
    if (live && was !== EventSource.OPEN) this.onopen?.(new Event('open'));
  }
}
