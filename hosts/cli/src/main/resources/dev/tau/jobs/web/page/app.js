// The page: what is chosen, and who draws it.
import { html, nothing, render } from './vendor/lit-html.js';
import { Charts } from './charts.js';
import { bytes } from './format.js';
import { JobPage } from './job.js';
import { called, hasEnded, Jobs, STATUSES } from './jobs.js';
import { Table } from './table.js';
import { Timeline } from './timeline.js';

const DRAW_EVERY_MS = 250;
const RANGES = [['1 min', 60e3], ['15 min', 900e3], ['1 h', 3600e3], ['1 day', 86400e3]];

const jobs = new Jobs();
const app = document.getElementById('app');
const filter = { text: '', statuses: new Set(), dir: '' };
let rangeOnly = false;
let jobPage = null;

render(html`
  <div id="all">
    <header id="dirs"></header>
    <section id="picture" aria-label="time line">
      <div class="bar" id="ranges"></div>
      <div class="canvas">
        <canvas id="timeline" tabindex="0" role="img"
                aria-label="When jobs waited and ran. Arrows move it, plus and minus zoom, 0 shows all; the table below says the same."></canvas>
        <div id="tip" role="tooltip" hidden></div>
      </div>
      <p class="legend">${STATUSES.map(status => html`<span class="status ${status}">${status}</span>`)}</p>
    </section>
    <section id="charts">
      <figure><figcaption>Jobs ended a second</figcaption><div id="ended"></div></figure>
      <figure><figcaption>Jobs that wait and run</figcaption><div id="load"></div></figure>
      <figure id="reasons"></figure>
    </section>
    <section id="list" aria-label="jobs">
      <div class="bar" id="filter"></div>
      <div id="table" role="grid" tabindex="0" aria-label="jobs; arrows choose one, enter opens it"></div>
    </section>
  </div>
  <main id="one"></main>`, app);

const all = document.getElementById('all');
const one = document.getElementById('one');
const open = job => (location.hash = `#/job/${job.key}`);
const timeline = new Timeline(document.getElementById('timeline'), document.getElementById('tip'));
const charts = new Charts(document.getElementById('ended'), document.getElementById('load'));
const table = new Table(document.getElementById('table'), open);

function wanted(job) {
  const text = filter.text.toLowerCase();
  return (filter.statuses.size === 0 || filter.statuses.has(job.status))
    && (filter.dir === '' || job.dir.number === Number(filter.dir))
    && (!rangeOnly || (job.created <= timeline.to && (job.finished ?? Infinity) >= timeline.from))
    && (text === '' || [job.id, called(job), job.status, job.reason].some(part => part.toLowerCase().includes(text)));
}

function drawDirs() {
  const counted = dir => {
    // Those too that are kept no more.
    const counts = Object.fromEntries(STATUSES.map(status => [status, dir.removed?.[status] ?? 0]));
    for (const job of dir.rows.values()) counts[job.status]++;
    return counts;
  };
  render(html`
    <h1>tau-jobs</h1>
    <span class="connection ${jobs.connected ? 'live' : 'lost'}" role="status">${jobs.connected ? 'live' : 'not connected: what is shown may be old'}</span>
    ${jobs.dirs.map(dir => {
      const counts = counted(dir);
      return html`
        <div class="dir">
          <span class="path">${dir.path}</span>
          <span class=${dir.owned ? '' : 'warning'}>${dir.owned ? `agent ${dir.owner_pid ?? ''}` : 'no live agent'}</span>
          ${dir.owner_stopped ? html`<span class="warning">is stopped</span>` : nothing}
          ${STATUSES.map(status => html`<span class="count ${status}">${status} <b>${counts[status]}</b></span>`)}
          ${dir.unreadable ? html`<span class="warning">${dir.unreadable} unreadable</span>` : nothing}
          ${dir.disk_available_bytes === undefined ? nothing : html`<span class="warning">low disk space: ${bytes(dir.disk_available_bytes)} left</span>`}
          ${dir.problem ? html`<span class="warning">${dir.problem}</span>` : nothing}
        </div>`;
    })}`, document.getElementById('dirs'));
}

function drawRanges() {
  render(html`
    ${RANGES.map(([name, ms]) => html`<button @click=${() => timeline.last(ms)}>${name}</button>`)}
    <button @click=${() => timeline.everything()}>all</button>
    <button @click=${() => timeline.zoom(0.5)} aria-label="zoom in">+</button>
    <button @click=${() => timeline.zoom(2)} aria-label="zoom out">−</button>
    <label><input type="checkbox" .checked=${rangeOnly} @change=${event => { rangeOnly = event.target.checked; draw(); }}> table shows this range only</label>
    <span class="hint">${timeline.follows ? 'follows the time' : 'stands still'} · drag to zoom in, shift-drag to move, wheel to zoom</span>`,
  document.getElementById('ranges'));
}

function drawReasons(list) {
  const counts = new Map();
  for (const job of list) {
    if (job.status === 'failed' && job.finished >= timeline.from && job.finished <= timeline.to) {
      counts.set(job.reason, (counts.get(job.reason) ?? 0) + 1);
    }
  }
  const rows = [...counts].sort((a, b) => b[1] - a[1]);
  render(html`
    <figcaption>Failures by reason</figcaption>
    ${rows.length === 0 ? html`<p class="nothing">None in this range.</p>` : html`
      <table>${rows.map(([reason, count]) => html`
        <tr>
          <td><button class="link" @click=${() => { filter.text = reason; draw(); }}>${reason}</button></td>
          <td><meter min="0" max=${rows[0][1]} value=${count}></meter></td>
          <td>${count}</td>
        </tr>`)}</table>`}`, document.getElementById('reasons'));
}

function drawFilter(count) {
  const toggle = status => {
    if (!filter.statuses.delete(status)) filter.statuses.add(status);
    draw();
  };
  render(html`
    <input id="search" type="search" placeholder="filter ( / )" aria-label="filter the jobs" .value=${filter.text}
           @input=${event => { filter.text = event.target.value; draw(); }}>
    ${STATUSES.map(status => html`
      <button class="status ${status}" aria-pressed=${filter.statuses.has(status)} @click=${() => toggle(status)}>${status}</button>`)}
    ${jobs.dirs.length < 2 ? nothing : html`
      <select aria-label="state directory" @change=${event => { filter.dir = event.target.value; draw(); }}>
        <option value="">all directories</option>
        ${jobs.dirs.map(dir => html`<option value=${dir.number}>${dir.path}</option>`)}
      </select>`}
    <span class="hint">${count} jobs</span>`, document.getElementById('filter'));
}

function draw() {
  drawDirs();
  if (jobPage) {
    jobPage.update();
    return;
  }
  const list = jobs.all();
  drawRanges();
  timeline.show(list);
  charts.show(list, timeline.from, timeline.to);
  drawReasons(list);
  const chosen = list.filter(wanted);
  drawFilter(chosen.length);
  table.show(chosen);
}

function route() {
  const [, dir, id] = location.hash.match(/^#\/job\/(\d+)\/(.+)$/) ?? [];
  const comesBack = jobPage !== null;
  jobPage?.close();
  jobPage = null;
  all.hidden = dir !== undefined;
  if (dir !== undefined) jobPage = new JobPage(one, jobs, Number(dir), id);
  // Where the view changes, the focus goes along.
  if (jobPage) one.querySelector('.back').focus();
  else if (comesBack) document.getElementById('table').focus({ preventScroll: true });
  document.title = id === undefined ? 'tau-jobs' : `${id} · tau-jobs`;
  draw();
}

// At most four times a second, and once a second for what time alone changes.
let drawnAt = 0;
let due = null;
function drawSoon() {
  due ??= setTimeout(() => requestAnimationFrame(() => {
    due = null;
    drawnAt = performance.now();
    draw();
  }), Math.max(0, drawnAt + DRAW_EVERY_MS - performance.now()));
}

jobs.addEventListener('change', drawSoon);
// What has been going on lately, at first.
jobs.addEventListener('change', function first() {
  if (!jobs.connected) return;
  jobs.removeEventListener('change', first);
  const lately = Math.min(...jobs.all().map(job => (hasEnded(job) ? job.finished : job.created)).sort((a, b) => b - a).slice(0, 200));
  timeline.last(Math.min(86400e3, Math.max(60e3, (Date.now() - lately) * 1.1)));
});
timeline.addEventListener('range', drawSoon);
timeline.addEventListener('job', event => open(event.detail));
setInterval(() => !document.hidden && drawSoon(), 1000);
addEventListener('hashchange', route);
addEventListener('keydown', event => {
  // Those of the browser, of the system, and of who composes a character.
  if (event.isComposing || event.altKey || event.ctrlKey || event.metaKey) return;
  const list = document.getElementById('table');
  const fromFilter = event.target.id === 'search' && ['ArrowDown', 'Enter'].includes(event.key);
  if (!jobPage && (fromFilter || event.target === document.body)) {
    // From the filter, and where nothing has the focus, the keys go to the table; enter opens what is chosen there.
    if (fromFilter || ['ArrowDown', 'ArrowUp', 'PageDown', 'PageUp', 'Home', 'End'].includes(event.key)) {
      list.focus({ preventScroll: true });
      table.key(fromFilter ? new KeyboardEvent('keydown', { key: 'Home' }) : event);
      event.preventDefault();
      return;
    }
  }
  if (event.target.closest('input, select, dialog')) return;
  if (event.key === '/' && !jobPage) {
    event.preventDefault();
    document.getElementById('search').focus();
  } else if (event.key === 'Escape' && jobPage) {
    location.hash = '#/';
  }
});
route();
jobs.connect();
