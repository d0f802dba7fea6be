// Every duration of the live pages, in milliseconds. Tests shorten some by a data-timing attribute (JSON) on the page;
// no template sets it.

/** @typedef {typeof usual} Timing */

const usual = {
  first: 1_000, // first wait before a reconnect, doubling
  longest: 60_000, // to this
  settled: 10_000, // a stream that lived this long starts the doubling afresh
  silence: 60_000, // three heartbeats of 20 s missed: the connection is dead whatever TCP says
  ping: 20_000, // the worker asks its tabs whether they are there
  dead: 90_000, // a tab that did not answer is gone: crashed, or frozen, and then it joins again when it thaws
  offline: 60_000, // without a stream for this long is "offline", no longer "reconnecting"
  poll: 30_000, // panels are fetched this often while the stream is down
  pollLongest: 300_000, // after failures, doubling to this
  refetch: 1_000, // a filtered list refetches itself at most this often
  answer: 15_000, // a fetch that takes longer has failed; a form may be sent again
  stale: 120_000, // a panel older than this is marked
  tick: 1_000, // ages are rewritten
  say: 5_000, // a screen reader hears of news at most this often
  toast: 5_000,
};

const hook = globalThis.document?.querySelector('[data-timing]');

/** @type {Timing} */
export const timing = { ...usual, ...JSON.parse(hook?.getAttribute('data-timing') ?? '{}') };
