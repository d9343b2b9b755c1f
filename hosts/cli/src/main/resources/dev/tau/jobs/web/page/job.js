// One job: its manifest, its events, its outputs.
import { html, nothing, render } from './vendor/lit-html.js';
import { about, called, hasEnded } from './jobs.js';
import { bytes, duration, printable, time } from './format.js';
import { Output } from './output.js';

const AGAIN_MS = 3000;
/** A sink has five seconds; the clocks may differ a little. */
const STILL_MS = 15000;

const STREAMS = ['stdout', 'stderr'];

const LINES = [
  ['command', job => [job.command, ...job.args].map(word => (/^[\w@%+=:,./-]+$/.test(word) ? word : JSON.stringify(word))).join(' ')],
  ['directory', job => job.cwd],
  ['variables', job => job.env_keys.join(', ')],
  ['created', job => time(job.created_unix_ms)],
  ['started', job => job.started_unix_ms && time(job.started_unix_ms)],
  ['finished', job => job.finished_unix_ms && time(job.finished_unix_ms)],
  ['exit code', job => job.exit_code],
  ['error', job => job.error],
  ['time limit', job => duration(job.effective_timeout_ms)],
  ['waits for', job => job.after?.join(', ')],
  ['not before', job => job.not_before_unix_ms && time(job.not_before_unix_ms)],
  ['strays ended', job => job.strays_ended],
  ['outputs', job => `${bytes(job.stdout_bytes)} and ${bytes(job.stderr_bytes)}`],
  ['files', job => `${job.stdout_path}\n${job.stderr_path}`],
];

export class JobPage {
  #element;
  #jobs;
  #dir;
  #id;
  #outputs;
  #known;
  #shownRow;
  #loads = 0;
  #problem = '';
  /** What became of a cancel. */
  #said = '';
  #closed = false;
  #timer;

  constructor(element, jobs, dir, id) {
    this.#element = element;
    this.#jobs = jobs;
    this.#dir = dir;
    this.#id = id;
    this.update();
    this.#outputs = [...element.querySelectorAll('.output')]
      .map(part => new Output(part, { dir, id, stream: part.dataset.stream }));
    this.#againSoon();
  }

  close() {
    this.#closed = true;
    clearTimeout(this.#timer);
    this.#outputs.forEach(output => output.close());
    render(nothing, this.#element);
  }

  /** Something has changed: perhaps this job. */
  update() {
    const row = this.#jobs.find(this.#dir, this.#id);
    if (row !== this.#shownRow || this.#loads === 0) {
      this.#shownRow = row;
      this.#load();
    }
    this.#render();
  }

  #againSoon() {
    this.#timer = setTimeout(() => this.#again(), AGAIN_MS);
  }

  /** Outputs grow without a word, and a slow trace sink may fail a while after the end. One at a time, whatever it takes. */
  async #again() {
    const finished = this.#shownRow?.finished;
    // While it runs its events come with a new row, and are not worth a look through all logs.
    if (!document.hidden && finished === undefined) await this.#load('no');
    else if (!document.hidden && Date.now() - finished < STILL_MS) await this.#load();
    if (!this.#closed) this.#againSoon();
  }

  async #load(events = 'all') {
    const load = ++this.#loads;
    let known;
    let problem = '';
    try {
      const answer = await fetch(`job?${new URLSearchParams({ dir: this.#dir, id: this.#id, events })}`);
      known = await answer.json();
      problem = answer.ok ? '' : known.error;
    } catch (e) {
      problem = `can't be read: ${e.message}`;
    }
    // An older answer must not come to stand for a newer one.
    if (this.#closed || load !== this.#loads) return;
    if (problem === '') this.#known = { ...this.#known, ...known };
    this.#problem = problem;
    this.#render();
  }

  async #cancel(event) {
    if (event.target.returnValue !== 'cancel') return;
    try {
      const answer = await fetch(`cancel?${new URLSearchParams({ dir: this.#dir, id: this.#id })}`, { method: 'POST' });
      const { taken, error } = await answer.json();
      this.#said = error ?? (taken ? '' : 'No agent has taken the request yet: it waits for the next one that opens the directory.');
    } catch (e) {
      this.#said = `can't be cancelled: ${e.message}`;
    }
    if (!this.#closed) this.#render();
  }

  #askToCancel() {
    const dialog = this.#element.querySelector('dialog');
    // It keeps what was chosen the last time, and escape chooses nothing.
    dialog.returnValue = '';
    dialog.showModal();
  }

  #render() {
    const row = this.#shownRow;
    const job = this.#known?.job;
    const status = row?.status ?? job?.status ?? '';
    render(html`
      <header class="job">
        <a class="back" href="#/">‹ all jobs</a>
        <h1>${row ? called(row) : this.#id}</h1>
        <p>
          <span class="status ${status}">${status}</span>
          <code>${row ? about(row) : (job?.reason_code ?? '')}</code>
          <code>${this.#id}</code>
          ${row && !hasEnded(row)
            ? html`<button class="danger" @click=${() => this.#askToCancel()}>Cancel job…</button>`
            : nothing}
        </p>
        <p class="problem" role="alert">${[this.#said, this.#problem].filter(Boolean).join(' ')}</p>
        <dialog @close=${event => this.#cancel(event)}>
          <form method="dialog">
            <h2>Cancel this job?</h2>
            <p>${row ? called(row) : this.#id}</p>
            <p>It and all that it has started are ended.</p>
            <button value="keep" autofocus>Keep it</button>
            <button value="cancel" class="danger">Cancel it</button>
          </form>
        </dialog>
      </header>
      <div class="outputs">
        ${STREAMS.map(stream => html`<section class="output" data-stream=${stream} aria-label=${stream}></section>`)}
      </div>
      <section class="facts">
        <div>
          <h2>Manifest</h2>
          <dl>
            ${job === undefined ? nothing : LINES
              .map(([name, value]) => [name, value(job)])
              .filter(([, value]) => value !== undefined && value !== null && value !== '')
              .map(([name, value]) => html`<dt>${name}</dt><dd>${printable(String(value))}</dd>`)}
          </dl>
        </div>
        <div>
          <h2>Events</h2>
          <ol class="events">
            ${this.#known?.events?.map(event => html`
              <li><time>${time(event.timestamp_unix_ms)}</time> <b>${event.event}</b> <code>${event.reason_code}</code>
                ${printable(event.detail ?? '')}</li>`) ?? nothing}
          </ol>
        </div>
      </section>`, this.#element);
  }
}
