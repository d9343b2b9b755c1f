// An output of a job: a window into a file that may be far larger than the page, and grows.

const MOST_PARTS = 8;
const POLL_MS = 500;

async function ask(what, parameters) {
  const answer = await fetch(`${what}?${new URLSearchParams(parameters)}`);
  const value = await answer.json();
  if (!answer.ok) throw new Error(value.error);
  return value;
}

/** Shows an output in an element, and says in another what it shows. */
export class Output {
  #where;
  #text;
  #says;
  #parts = [];
  #next = -1;
  #total = 0;
  #ended = false;
  #wanted = '';
  #timer;
  #closed = false;
  follows = true;

  /** where names dir, id and stream, as the server wants them. */
  constructor(where, text, says) {
    this.#where = where;
    this.#text = text;
    this.#says = says;
    this.#go();
  }

  close() {
    this.#closed = true;
    clearTimeout(this.#timer);
  }

  /** Begins at the end again, and goes on with what comes. */
  follow() {
    this.follows = true;
    this.#begin(-1);
  }

  /** Shows it from its beginning, or from what is left of it. */
  async first() {
    this.follows = false;
    this.#begin(0);
  }

  /** Shows the part after this one. */
  async more() {
    await this.#load(this.#next);
    this.#say();
  }

  #begin(offset) {
    clearTimeout(this.#timer);
    this.#parts = [];
    this.#text.replaceChildren();
    this.#next = offset;
    this.#ended = false;
    this.#go();
  }

  async #go() {
    try {
      const grew = await this.#load(this.#next);
      this.#say();
      if (this.follows && grew) this.#text.scrollTop = this.#text.scrollHeight;
    } catch (e) {
      this.#says.textContent = `can't be read: ${e.message}`;
    }
    if (!this.#closed && this.follows && !this.#ended) this.#timer = setTimeout(() => this.#go(), POLL_MS);
  }

  async #load(offset) {
    let grew = false;
    for (let next = offset, first = true; first || (this.follows && next < this.#total); first = false) {
      const part = await ask('output', { ...this.#where, offset: next });
      if (this.#closed) return false;
      const end = part.next_offset === part.offset;
      this.#total = part.bytes;
      this.#next = next = part.next_offset;
      this.#ended = end && part.ended;
      if (end) break;
      this.#append(part);
      grew = true;
    }
    return grew;
  }

  #append(part) {
    const element = document.createElement('span');
    this.#parts.push({ begin: part.offset, element, text: part.text });
    this.#mark(this.#parts.at(-1));
    this.#text.append(element);
    while (this.#parts.length > MOST_PARTS) this.#parts.shift().element.remove();
  }

  /** Text stays text: there is nothing in an output that could become an element. */
  #mark(part) {
    const pieces = [];
    if (this.#wanted === '') {
      pieces.push(part.text);
    } else {
      const lower = part.text.toLowerCase();
      let from = 0;
      for (let at; (at = lower.indexOf(this.#wanted, from)) >= 0; from = at + this.#wanted.length) {
        const mark = document.createElement('mark');
        mark.textContent = part.text.slice(at, at + this.#wanted.length);
        pieces.push(part.text.slice(from, at), mark);
      }
      pieces.push(part.text.slice(from));
    }
    part.element.replaceChildren(...pieces);
  }

  #say(more = '') {
    const begin = this.#parts[0]?.begin ?? 0;
    const shown = this.#total === 0 ? 'empty' : `bytes ${begin} to ${this.#next} of ${this.#total}`;
    this.#says.textContent = `${shown}${this.#ended ? ', complete' : ''}${more}`;
  }

  /** Goes to the next place that has a text, behind the one it went to before. */
  async search(wanted) {
    const text = wanted.toLowerCase();
    const again = text === this.#wanted;
    this.#wanted = text;
    this.follows = false;
    clearTimeout(this.#timer);
    if (text === '') {
      this.#parts.forEach(part => this.#mark(part));
      return;
    }
    const marks = () => [...this.#text.querySelectorAll('mark')];
    const all = again ? marks() : [];
    const at = all.findIndex(mark => mark.classList.contains('here'));
    if (at >= 0 && at + 1 < all.length) {
      this.#here(all[at], all[at + 1]);
      return;
    }
    let offset = again && at >= 0 ? this.#next : 0;
    while (!this.#closed) {
      this.#says.textContent = `searching from byte ${offset} of ${this.#total}`;
      const answer = await ask('search', { ...this.#where, q: wanted, offset });
      if (answer.found !== undefined) {
        this.#parts = [];
        this.#text.replaceChildren();
        await this.#load(answer.found);
        // It may end in the next part.
        if (marks().length === 0) await this.#load(this.#next);
        this.#here(undefined, marks()[0]);
        this.#say();
        return;
      }
      if (answer.at_end) {
        this.#parts.forEach(part => this.#mark(part));
        this.#say(`: "${wanted}" is not ${offset > 0 || again ? 'found again' : 'there'}`);
        return;
      }
      offset = answer.next_offset;
    }
  }

  #here(before, now) {
    before?.classList.remove('here');
    now?.classList.add('here');
    now?.scrollIntoView({ block: 'center' });
  }
}
