// The jobs as a table of which only the rows exist that are seen: 100,000 of them scroll as ten do.
import { html, render } from './vendor/lit-html.js';
import { about, called, ran, waited } from './jobs.js';
import { duration, time } from './format.js';

const ROW_PX = 30;
const SPARE_ROWS = 10;

const COLUMNS = [
  { name: 'status', value: job => job.status },
  { name: 'job', value: called },
  { name: 'reason', value: job => job.reason },
  { name: 'created', value: job => job.created },
  { name: 'waited', value: (job, now) => waited(job, now) },
  { name: 'ran', value: (job, now) => ran(job, now) ?? -1 },
  { name: 'id', value: job => job.id },
];

export class Table {
  #element;
  #open;
  #rows = [];
  #chosen = null;
  #sort = { column: COLUMNS[3], down: true };
  #jobs = [];

  /** open is called with a job that is opened. */
  constructor(element, open) {
    this.#element = element;
    this.#open = open;
    element.addEventListener('scroll', () => this.#render(), { passive: true });
    element.addEventListener('keydown', event => this.key(event));
    new ResizeObserver(() => this.#render()).observe(element);
  }

  show(jobs) {
    const now = Date.now();
    const { column, down } = this.#sort;
    const turn = down ? -1 : 1;
    this.#jobs = jobs;
    this.#rows = jobs
      .map(job => ({ job, value: column.value(job, now) }))
      .sort((a, b) => (a.value < b.value ? -turn : a.value > b.value ? turn : a.job.id < b.job.id ? -1 : 1))
      .map(row => row.job);
    this.#render();
  }

  #sortBy(column) {
    this.#sort = { column, down: this.#sort.column === column ? !this.#sort.down : true };
    this.show(this.#jobs);
  }

  /** What a key does to it, wherever it was pressed. */
  key(event) {
    const at = this.#rows.findIndex(job => job.key === this.#chosen);
    const page = Math.max(1, Math.floor(this.#element.clientHeight / ROW_PX) - 2);
    const to = {
      ArrowDown: at + 1,
      ArrowUp: at - 1,
      PageDown: at + page,
      PageUp: at - page,
      Home: 0,
      End: this.#rows.length - 1,
    }[event.key];
    if (event.key === 'Enter' && at >= 0 && !event.target.closest('button, a')) {
      this.#open(this.#rows[at]);
    } else if (to !== undefined && this.#rows.length > 0) {
      event.preventDefault();
      const next = Math.min(this.#rows.length - 1, Math.max(0, to));
      this.#chosen = this.#rows[next].key;
      const top = next * ROW_PX;
      const room = this.#element.clientHeight - 2 * ROW_PX;
      if (top < this.#element.scrollTop) this.#element.scrollTop = top;
      else if (top > this.#element.scrollTop + room) this.#element.scrollTop = top - room;
      this.#render();
    }
  }

  #render() {
    const first = Math.max(0, Math.floor(this.#element.scrollTop / ROW_PX) - SPARE_ROWS);
    const count = Math.ceil(this.#element.clientHeight / ROW_PX) + 2 * SPARE_ROWS;
    const seen = this.#rows.slice(first, first + count);
    const now = Date.now();
    render(html`
      <table role="none">
        <thead role="rowgroup">
          <tr role="row">
            ${COLUMNS.map(column => html`
              <th role="columnheader" class="col-${column.name}"
                  aria-sort=${this.#sort.column !== column ? 'none' : this.#sort.down ? 'descending' : 'ascending'}>
                <button @click=${() => this.#sortBy(column)}>${column.name}</button>
              </th>`)}
          </tr>
        </thead>
        <tbody role="rowgroup">
          <tr class="spare" aria-hidden="true"></tr>
          ${seen.map((job, i) => this.#row(job, first + i, now))}
          <tr class="spare" aria-hidden="true"></tr>
        </tbody>
      </table>
      ${this.#rows.length === 0 ? html`<p class="nothing">No job is like that.</p>` : ''}`, this.#element);
    this.#element.setAttribute('aria-rowcount', this.#rows.length + 1);
    // The focus stays with the table; what is chosen is told.
    if (this.#chosen !== null && seen.some(job => job.key === this.#chosen)) {
      this.#element.setAttribute('aria-activedescendant', `row-${this.#chosen}`);
    } else {
      this.#element.removeAttribute('aria-activedescendant');
    }
    const [above, below] = this.#element.querySelectorAll('tr.spare');
    above.style.height = `${first * ROW_PX}px`;
    below.style.height = `${Math.max(0, this.#rows.length - first - seen.length) * ROW_PX}px`;
  }

  #row(job, index, now) {
    const run = ran(job, now);
    return html`
      <tr role="row" id=${`row-${job.key}`} class=${job.key === this.#chosen ? 'chosen' : ''} aria-rowindex=${index + 2}
          aria-selected=${job.key === this.#chosen} @click=${() => this.#open(job)}>
        <td role="gridcell" class="col-status"><span class="status ${job.status}">${job.cancelling && job.status === 'running' ? 'ending' : job.status}</span></td>
        <td role="gridcell" class="col-job" title=${called(job)}><a href="#/job/${job.key}" tabindex="-1">${called(job)}</a></td>
        <td role="gridcell" class="col-reason" title=${about(job)}>${about(job)}</td>
        <td role="gridcell" class="col-created">${time(job.created)}</td>
        <td role="gridcell" class="col-waited">${duration(waited(job, now))}</td>
        <td role="gridcell" class="col-ran">${run === undefined ? '' : duration(run)}</td>
        <td role="gridcell" class="col-id" title=${job.dir.path}>${job.id}</td>
      </tr>`;
  }
}
