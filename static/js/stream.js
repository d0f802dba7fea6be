// One stream kept alive: an EventSource that is made anew after each loss, resumes behind the last change that it saw,
// and knows when to give up. Runs in the shared worker, or in the page where there is none.
import { changes, names } from './frames.js';

const numbered = new Set(changes);

/** What an HTTP status means that no reconnect will change. */
const refusals = {
  401: 'Your session is over. Sign in again.',
  403: 'You may no longer see this page.',
  404: 'This server is no longer here.',
};

/** A server that asks for more patience than this is asked again anyway. */
const longestRetryAfter = 600_000;

/**
 * @typedef {object} State
 * @property {'connecting' | 'live' | 'reconnecting' | 'ended'} state
 * @property {number} [at] when the next try begins, in ms of Date.now
 * @property {string} [reason] why it ended, for people
 * @property {number} [code] the code of `end`, or the HTTP status
 */

/**
 * @typedef {object} Listener
 * @property {(state: State) => void} state
 * @property {(change: import('./frames.js').Change) => void} change in order, each once
 * @property {(frame: import('./frames.js').Frame, seq: number) => void} frame what carries no change; seq is where the
 *   stream stands
 * @property {(frame: import('./frames.js').Frame, seq: number) => void} resync changes before seq are lost
 */

export class Stream {
  #path;
  #timing;
  #listener;
  /** @type {EventSource | null} */ #source = null;
  /** @type {import('./frames.js').Frame[]} */ #part = [];
  #lastId = '';
  #attempt = 0;
  #openSince = 0;
  #next = 0;
  #watch = 0;
  /** @type {AbortController | null} */ #question = null;

  /**
   * @param {string} path of the stream, without `after`
   * @param {number} seq the last change that is known
   * @param {import('./timing.js').Timing} timing
   * @param {Listener} listener
   */
  constructor(path, seq, timing, listener) {
    this.#path = path;
    this.#timing = timing;
    this.#listener = listener;
    /** The newest change that came. */
    this.seq = seq;
    /** @type {State} */
    this.state = { state: 'connecting' };
  }

  /** Opens the stream; a running or waiting one begins anew. */
  connect() {
    this.#drop();
    const source = new EventSource(this.#url());
    this.#source = source;
    this.#hear();
    this.#become({ state: 'connecting' });
    source.onopen = () => {
      this.#openSince = Date.now();
      this.#hear();
      this.#become({ state: 'live' });
    };
    // Left alone, an EventSource reconnects every few seconds for ever and asks for what its own last id says; both are
    // decided here.
    source.onerror = () => (source.readyState === EventSource.CLOSED ? this.#ask() : this.#retry());
    for (const name of names) source.addEventListener(name, (event) => this.#take(event));
  }

  /** Tries at once if it is waiting to. */
  wake() {
    if (this.#next) this.connect();
  }

  /** Ends it for good. */
  close() {
    this.#drop();
  }

  #url() {
    const url = new URL(this.#path, location.origin);
    url.searchParams.set('after', String(this.seq));
    return url;
  }

  #drop() {
    this.#source?.close();
    this.#source = null;
    this.#question?.abort();
    this.#question = null;
    clearTimeout(this.#next);
    clearTimeout(this.#watch);
    this.#next = 0;
    this.#part = [];
    this.#lastId = '';
  }

  /** @param {State} state */
  #become(state) {
    this.state = state;
    this.#listener.state(state);
  }

  #hear() {
    clearTimeout(this.#watch);
    this.#watch = setTimeout(() => this.#retry(), this.#timing.silence);
  }

  /** @param {number} [least] ms that the server asked for */
  #retry(least = 0) {
    this.#drop();
    if (this.#openSince && Date.now() - this.#openSince > this.#timing.settled) this.#attempt = 0;
    this.#openSince = 0;
    const step = Math.min(this.#timing.longest, this.#timing.first * 2 ** this.#attempt++);
    // Half of it is chance: a server that restarts is not met by all its readers at once.
    const wait = Math.max(least, step / 2 + (Math.random() * step) / 2);
    this.#next = setTimeout(() => this.connect(), wait);
    this.#become({ state: 'reconnecting', at: Date.now() + wait });
  }

  /** Learns why the server refused, which an EventSource does not tell. */
  async #ask() {
    this.#drop();
    const question = new AbortController();
    this.#question = question;
    const limit = setTimeout(() => question.abort(), this.#timing.answer);
    let status = 0;
    let patience = 0;
    try {
      const answer = await fetch(this.#url(), {
        headers: { Accept: 'text/event-stream' },
        cache: 'no-store',
        signal: question.signal,
      });
      status = answer.status;
      patience = Math.min(longestRetryAfter, 1000 * (Number(answer.headers.get('Retry-After')) || 0));
    } catch {
      // No answer at all: as a lost connection.
    }
    clearTimeout(limit);
    if (this.#question !== question) return;
    question.abort();
    if (status in refusals) this.#end(status, refusals[status]);
    else this.#retry(patience);
  }

  /**
   * @param {number} code
   * @param {string} reason
   */
  #end(code, reason) {
    this.#drop();
    this.#become({ state: 'ended', code, reason });
  }

  /** @param {MessageEvent<string>} event */
  #take(event) {
    this.#hear();
    const frame = { name: event.type, data: event.data };
    const seq = Number(event.lastEventId);
    const own = event.lastEventId !== this.#lastId; // the frame has an id line of its own
    this.#lastId = event.lastEventId;
    if (frame.name === 'end') {
      const { code, reason } = JSON.parse(frame.data);
      // 4001 to 4005 are about the reader; anything else, as 1012, is about the server and passes.
      if (code >= 4000 && code < 5000) this.#end(code, reason);
      else this.#retry();
    } else if (frame.name === 'resync') {
      this.#part = [];
      this.seq = own ? seq : this.seq;
      this.#listener.resync(frame, this.seq);
    } else if (numbered.has(frame.name) || (frame.name === 'refetch' && seq > this.seq)) {
      this.#gather(frame, seq, own);
    } else {
      this.#listener.frame(frame, seq || this.seq);
    }
  }

  /**
   * Puts a change together: of several frames of one change only the last has an id, so that whoever is cut off between
   * them gets all of them again.
   * @param {import('./frames.js').Frame} frame
   * @param {number} seq
   * @param {boolean} own
   */
  #gather(frame, seq, own) {
    if (seq > this.seq) {
      const frames = [...this.#part, frame];
      this.#part = [];
      this.seq = seq;
      this.#listener.change({ seq, frames });
    } else if (own) {
      this.#part = []; // came before
    } else {
      this.#part.push(frame);
    }
  }
}
