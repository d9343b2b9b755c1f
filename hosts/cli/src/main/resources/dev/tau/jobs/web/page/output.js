// An output of a job: a window into a file that may be far larger than the page, and grows.

import { html, render } from './vendor/lit-html.js';
import { bytes as readable } from './format.js';

const PART_BYTES = 65536;
/** What is shown at a time. */
const MOST_BYTES = 8 * PART_BYTES;
const POLL_MS = 500;
const RETRY_MS = 2000;
/** Between parts of an output that grows: a page must not take a processor from those who work. */
const GROWING_MS = 100;
const RATE_MS = 1000;

const pause = ms => new Promise(resolve => setTimeout(resolve, ms));

async function ask(what, parameters) {
  const answer = await fetch(`${what}?${new URLSearchParams(parameters)}`);
  const value = await answer.json();
  if (!answer.ok) throw new Error(value.error);
  return value;
}

/** Thrown where somebody has asked for something else meanwhile: what comes now is not to be shown any more. */
class Overtaken extends Error {}

/** How fast an output grows, by sizes that were seen at least a second apart. */
class Rate {
  #bytes;
  #at;
  #text = '';

  seen(bytes, now) {
    if (this.#at === undefined || now - this.#at >= RATE_MS) {
      const grown = Math.max(0, bytes - this.#bytes);
      this.#text = this.#at === undefined ? '' : `, ${readable(Math.round((grown * 1000) / (now - this.#at)))}/s`;
      this.#bytes = bytes;
      this.#at = now;
    }
    return this.#text;
  }
}

/** Shows an output, and says of it what it shows. */
export class Output {
  #element;
  #where;
  #text;
  #says;
  #found;
  /** Counts what was asked for: an answer to an older question is not taken. */
  #turn = 0;
  #parts = [];
  #next = 0;
  #wanted = '';
  /** The last place that was found: where its part begins, and the how manieth character of that it is. */
  #place = null;

  /** where names dir, id and stream, as the server wants them. */
  constructor(element, where) {
    this.#element = element;
    this.#where = where;
    render(html`
      <div class="bar">
        <h2>${where.stream}</h2>
        <button aria-label="from the beginning of ${where.stream}" @click=${() => this.first()}>from the beginning</button>
        <button aria-label="more of ${where.stream}" @click=${() => this.more()}>more</button>
        <button aria-label="follow the end of ${where.stream}" @click=${() => this.follow()}>follow the end</button>
        <input type="search" placeholder="search, enter for next" aria-label="search ${where.stream}"
               @keydown=${event => event.key === 'Enter' && this.search(event.target.value)}>
        <span class="says"></span>
        <span class="found" role="status"></span>
      </div>
      <pre tabindex="0" role="region" aria-label="text of ${where.stream}"></pre>`, element);
    element.classList.add('empty');
    [this.#text, this.#says, this.#found] = ['pre', '.says', '.found'].map(name => element.querySelector(name));
    this.follow();
  }

  close() {
    this.#turn++;
  }

  /** Begins near the end, and goes on with what comes. */
  follow() {
    return this.#do(async turn => {
      this.#clear();
      const rate = new Rate();
      for (let offset = -1; ; ) {
        const part = await this.#loadOrRetry(turn, offset);
        const restarted = part.bytes < part.next_offset;
        const behind = offset >= 0 && part.bytes - part.next_offset > MOST_BYTES;
        if (restarted || behind) {
          // The job was begun anew, and its output with it; or it writes faster than anybody could read.
          this.#clear();
          offset = restarted ? 0 : -1;
          await pause(POLL_MS);
          this.#check(turn);
          continue;
        }
        const atEnd = part.next_offset === part.offset;
        if (!atEnd) {
          this.#append(part);
          this.#text.scrollTop = this.#text.scrollHeight;
        }
        this.#say(part, part.ended ? (atEnd ? ', complete' : '') : rate.seen(part.bytes, performance.now()));
        if (atEnd && part.ended) return;
        if (!part.ended) await pause(atEnd ? POLL_MS : GROWING_MS);
        this.#check(turn);
        offset = part.next_offset;
      }
    });
  }

  /** Shows it from its beginning, or from what is left of it. */
  first() {
    return this.#do(async turn => {
      const part = await this.#load(turn, 0, PART_BYTES);
      this.#clear();
      this.#append(part);
      this.#say(part);
      this.#text.scrollTop = 0;
    });
  }

  /** Shows the part after those that are shown. */
  more() {
    return this.#do(async turn => {
      const part = await this.#load(turn, this.#next, PART_BYTES);
      if (part.next_offset > part.offset) this.#append(part);
      this.#say(part);
    });
  }

  /** Goes to the next place that has a text, behind the one it went to before. */
  search(wanted) {
    return this.#do(async turn => {
      const text = wanted.toLowerCase();
      if (text !== this.#wanted) this.#place = null;
      this.#wanted = text;
      this.#parts.forEach(part => this.#mark(part));
      this.#found.textContent = '';
      if (text === '') return;
      let { offset, skip } = this.#place ? { offset: this.#place.found, skip: this.#place.at + 1 } : { offset: 0, skip: 0 };
      for (;;) {
        this.#says.textContent = `searching from byte ${offset}`;
        const answer = await ask('search', { ...this.#where, q: wanted, offset, skip });
        this.#check(turn);
        if (answer.found !== undefined) {
          const part = await this.#load(turn, answer.found, 2 * PART_BYTES);
          this.#place = answer;
          this.#clear();
          this.#append(part);
          this.#say(part);
          this.#found.textContent = `found in byte ${answer.found} and the following`;
          this.#text.querySelector('.here')?.scrollIntoView({ block: 'center' });
          return;
        }
        if (answer.at_end) {
          this.#says.textContent = '';
          this.#found.textContent = `"${wanted}" is not ${this.#place ? 'there again: enter begins anew' : 'there'}`;
          this.#place = null;
          return;
        }
        offset = answer.next_offset;
        skip = 0;
      }
    });
  }

  async #do(action) {
    const turn = ++this.#turn;
    try {
      await action(turn);
    } catch (e) {
      if (!(e instanceof Overtaken) && turn === this.#turn) this.#says.textContent = `can't be read: ${e.message}`;
    }
  }

  #check(turn) {
    if (turn !== this.#turn) throw new Overtaken();
  }

  async #load(turn, offset, most) {
    const part = await ask('output', { ...this.#where, offset, most });
    this.#check(turn);
    return part;
  }

  /** While the server is away: it may come back, and who follows wants to see what comes then. */
  async #loadOrRetry(turn, offset) {
    for (;;) {
      try {
        return await this.#load(turn, offset, PART_BYTES);
      } catch (e) {
        this.#check(turn);
        this.#says.textContent = `can't be read, tried again: ${e.message}`;
        await pause(RETRY_MS);
        this.#check(turn);
      }
    }
  }

  #clear() {
    this.#parts = [];
    this.#text.replaceChildren();
  }

  #append(part) {
    const last = this.#parts.at(-1);
    if (last && part.next_offset - last.begin <= PART_BYTES) {
      last.text += part.text;
    } else {
      this.#parts.push({ begin: part.offset, element: document.createElement('span'), text: part.text });
      this.#text.append(this.#parts.at(-1).element);
    }
    this.#mark(this.#parts.at(-1));
    this.#next = part.next_offset;
    while (this.#parts.length > 1 && this.#next - this.#parts[0].begin > MOST_BYTES) this.#parts.shift().element.remove();
  }

  /** Text stays text: there is nothing in an output that could become an element. */
  #mark(part) {
    const pieces = [];
    let from = 0;
    if (this.#wanted !== '') {
      const lower = part.text.toLowerCase();
      for (let at; (at = lower.indexOf(this.#wanted, from)) >= 0; from = at + this.#wanted.length) {
        const mark = document.createElement('mark');
        mark.textContent = part.text.slice(at, at + this.#wanted.length);
        mark.className = this.#place?.found === part.begin && this.#place.at === at ? 'here' : '';
        pieces.push(part.text.slice(from, at), mark);
      }
    }
    pieces.push(part.text.slice(from));
    part.element.replaceChildren(...pieces);
  }

  #say(part, more = '') {
    // One that stays empty leaves its room to the other. What was shown once stays, and with it what has the focus.
    if (part.bytes > 0) this.#element.classList.remove('empty');
    this.#says.textContent =
      part.bytes === 0 ? `empty${more}` : `bytes ${this.#parts[0]?.begin ?? 0} to ${this.#next} of ${part.bytes}${more}`;
  }
}
