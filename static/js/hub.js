// One stream for all tabs: hands the frames of each stream to the tabs that joined it, keeps the newest for those who
// join later, and closes a stream whose last tab is gone.
import { panels } from './frames.js';
import { Stream } from './stream.js';

const replaceable = new Set(panels);

/** As many changes are kept as the server keeps for a guild. */
const kept = 256;

/**
 * What a tab says: join (url with `after`; again when it was here before), here (answers a ping), wake (try now), bye.
 * What it is told: state, frames (of one change, or seq null), ping.
 * @typedef {{type: 'join', url: string, timing: import('./timing.js').Timing, again?: boolean} |
 *   {type: 'here' | 'wake' | 'bye'}} FromTab
 * @typedef {{type: 'state', state: import('./stream.js').State} | {type: 'ping'} |
 *   {type: 'frames', seq: number | null, frames: import('./frames.js').Frame[]}} ToTab
 */

/** @typedef {{port: MessagePort, channel: Channel, seq: number, heard: number}} Member */

export class Hub {
  /** @type {Map<string, Channel>} */ #channels = new Map();
  /** @type {Map<MessagePort, Member>} */ #members = new Map();
  #pings = 0;

  /** @param {MessagePort} port of a tab */
  adopt(port) {
    port.onmessage = ({ data }) => this.#hear(port, data);
    // A tab that was closed or crashed. Not every browser tells; the pings find it in the others.
    port.addEventListener('close', () => this.#leave(port));
  }

  /**
   * @param {MessagePort} port
   * @param {FromTab} message
   */
  #hear(port, message) {
    const member = this.#members.get(port);
    if (message.type === 'join') this.#join(port, message);
    else if (message.type === 'bye') this.#leave(port);
    else if (message.type === 'wake') member?.channel.stream.wake();
    if (member) member.heard = Date.now();
  }

  /**
   * @param {MessagePort} port
   * @param {Extract<FromTab, {type: 'join'}>} message
   */
  #join(port, { url, timing, again }) {
    this.#leave(port);
    const wanted = new URL(url, location.origin);
    const seq = Number(wanted.searchParams.get('after'));
    wanted.searchParams.delete('after');
    const path = wanted.pathname + wanted.search;
    let channel = this.#channels.get(path);
    if (!channel) {
      channel = new Channel(path, seq, timing, () => this.#channels.delete(path));
      this.#channels.set(path, channel);
    }
    const member = { port, channel, seq, heard: Date.now() };
    this.#members.set(port, member);
    channel.join(member, !again);
    this.#pings ||= setInterval(() => this.#ping(timing), timing.ping);
  }

  /** @param {MessagePort} port */
  #leave(port) {
    const member = this.#members.get(port);
    if (!member) return;
    this.#members.delete(port);
    member.channel.leave(member);
    if (this.#members.size === 0) {
      clearInterval(this.#pings);
      this.#pings = 0;
    }
  }

  /** @param {import('./timing.js').Timing} timing */
  #ping(timing) {
    for (const { port, heard } of this.#members.values()) {
      if (Date.now() - heard > timing.dead) this.#leave(port);
      else send(port, { type: 'ping' });
    }
  }
}

class Channel {
  /** @type {Set<Member>} */ #members = new Set();
  /** @type {import('./frames.js').Change[]} */ #changes = [];
  /** @type {Map<string, {frame: import('./frames.js').Frame, seq: number}>} */ #panels = new Map();
  #floor; // every change above it, up to the stream's own, is in #changes
  #gone;

  /**
   * @param {string} path
   * @param {number} seq
   * @param {import('./timing.js').Timing} timing
   * @param {() => void} gone called when the stream was closed
   */
  constructor(path, seq, timing, gone) {
    this.#floor = seq;
    this.#gone = gone;
    this.stream = new Stream(path, seq, timing, {
      state: (state) => this.#tell({ type: 'state', state }),
      change: (change) => this.#keep(change),
      frame: (frame, seq) => this.#pass(frame, seq),
      resync: (frame, seq) => this.#lose(frame, seq),
    });
    this.stream.connect();
  }

  /**
   * Gives the tab what lies between its page and now, then everything that comes.
   * @param {Member} member
   * @param {boolean} rendered the page was rendered a moment ago, so a stream that was refused may be allowed now
   */
  join(member, rendered) {
    this.#members.add(member);
    if (member.seq < this.#floor) {
      send(member.port, framed([{ name: 'resync', data: '' }]));
      member.seq = this.stream.seq;
    }
    const seq = member.seq;
    for (const change of this.#changes) this.#give(member, change);
    for (const panel of this.#panels.values()) {
      if (panel.seq > seq) send(member.port, framed([panel.frame]));
    }
    if (rendered && this.stream.state.state === 'ended') this.stream.connect();
    else send(member.port, { type: 'state', state: this.stream.state });
  }

  /** @param {Member} member */
  leave(member) {
    this.#members.delete(member);
    if (this.#members.size > 0) return;
    // At once: when the last page goes into the back-forward cache this worker is frozen, timers and all, and would
    // hold the stream open.
    this.stream.close();
    this.#gone();
  }

  /** @param {import('./frames.js').Change} change */
  #keep(change) {
    this.#changes.push(change);
    if (this.#changes.length > kept) this.#floor = this.#changes.shift()?.seq ?? this.#floor;
    for (const member of this.#members) this.#give(member, change);
  }

  /**
   * @param {Member} member
   * @param {import('./frames.js').Change} change
   */
  #give(member, change) {
    if (change.seq <= member.seq) return; // its page was rendered after it
    member.seq = change.seq;
    send(member.port, framed(change.frames, change.seq));
  }

  /**
   * @param {import('./frames.js').Frame} frame
   * @param {number} seq
   */
  #pass(frame, seq) {
    if (replaceable.has(frame.name)) this.#panels.set(frame.name, { frame, seq });
    this.#tell(framed([frame]));
  }

  /**
   * @param {import('./frames.js').Frame} frame
   * @param {number} seq
   */
  #lose(frame, seq) {
    this.#changes = [];
    this.#panels.clear();
    this.#floor = seq;
    for (const member of this.#members) member.seq = seq;
    this.#tell(framed([frame]));
  }

  /** @param {ToTab} message */
  #tell(message) {
    for (const { port } of this.#members) send(port, message);
  }
}

/**
 * @param {import('./frames.js').Frame[]} frames
 * @param {number | null} seq
 * @returns {ToTab}
 */
function framed(frames, seq = null) {
  return { type: 'frames', seq, frames };
}

/**
 * @param {MessagePort} port
 * @param {ToTab} message
 */
function send(port, message) {
  port.postMessage(message);
}
