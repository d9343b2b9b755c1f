// A picture of when jobs waited and ran: time from left to right, a lane for what happens at the same time.
import { about, called, ran, until, waited } from './jobs.js';
import { duration, mark, time } from './format.js';

const LEAST_LANE = 3;
const MOST_LANE = 18;
const AXIS = 22;
const LEAST_RUN = 4;
const COLOURS = ['running', 'queued', 'succeeded', 'failed', 'failed-mark', 'cancelled', 'grid', 'muted', 'selection'];
const LEAST_RANGE_MS = 100;
const MOST_RANGE_MS = 10 * 366 * 86400e3;
const STEPS_MS = [
  100, 200, 500, 1e3, 2e3, 5e3, 10e3, 30e3, 60e3, 120e3, 300e3, 600e3, 1800e3, 3600e3, 7200e3, 21600e3, 86400e3, 604800e3,
];

export class Timeline extends EventTarget {
  #canvas;
  #tip;
  #jobs = [];
  #bars = [];
  #drag = null;
  /** What is seen, in Unix milliseconds; while it follows, its end is now. */
  from = Date.now() - 15 * 60e3;
  to = Date.now();
  follows = true;

  constructor(canvas, tip) {
    super();
    this.#canvas = canvas;
    this.#tip = tip;
    canvas.addEventListener('wheel', event => {
      event.preventDefault();
      // A notch of a wheel is some 100, a touch of a trackpad a few.
      this.zoom(Math.exp(Math.max(-100, Math.min(100, event.deltaY)) / 450), this.#timeAt(event.offsetX));
    }, { passive: false });
    canvas.addEventListener('pointerdown', event => {
      canvas.setPointerCapture(event.pointerId);
      this.#drag = { from: event.offsetX, to: event.offsetX, pans: event.shiftKey || event.pointerType === 'touch' };
    });
    canvas.addEventListener('pointermove', event => this.#move(event));
    canvas.addEventListener('pointerup', event => this.#release(event));
    canvas.addEventListener('pointercancel', () => (this.#drag = null));
    canvas.addEventListener('pointerleave', () => (this.#tip.hidden = true));
    canvas.addEventListener('keydown', event => this.#key(event));
    new ResizeObserver(() => this.draw()).observe(canvas);
  }

  show(jobs) {
    this.#jobs = jobs;
    if (this.follows) this.#endNow(this.to - this.from);
    this.draw();
  }

  #endNow(ms) {
    this.to = Date.now();
    this.from = this.to - Math.min(MOST_RANGE_MS, Math.max(LEAST_RANGE_MS, ms));
  }

  /** Shows the last so many milliseconds, and goes on with the time. */
  last(ms) {
    this.follows = true;
    this.#endNow(ms);
    this.#changed();
  }

  /** Shows all there is. */
  everything() {
    const first = this.#jobs.reduce((least, job) => Math.min(least, job.created), Date.now() - 1000);
    this.last((Date.now() - first) * 1.02);
  }

  range(from, to) {
    this.follows = to >= Date.now();
    this.from = from;
    this.to = Math.min(Math.max(to, from + LEAST_RANGE_MS), from + MOST_RANGE_MS);
    this.#changed();
  }

  zoom(factor, around = (this.from + this.to) / 2) {
    if (this.follows) this.last((this.to - this.from) * factor);
    else this.range(around - (around - this.from) * factor, around + (this.to - around) * factor);
  }

  #pan(ms) {
    this.range(this.from + ms, this.to + ms);
  }

  #changed() {
    this.draw();
    this.dispatchEvent(new Event('range'));
  }

  #timeAt(x) {
    return this.from + (x / this.#canvas.clientWidth) * (this.to - this.from);
  }

  #jobAt(x, y) {
    return this.#bars.findLast(bar => x >= bar.x - 1 && x <= bar.x + bar.width + 1 && y >= bar.y && y <= bar.y + bar.height)?.job;
  }

  #move(event) {
    if (this.#drag) {
      if (this.#drag.pans) {
        const ms = ((this.#drag.to - event.offsetX) / this.#canvas.clientWidth) * (this.to - this.from);
        this.#drag.to = event.offsetX;
        this.#pan(ms);
      } else {
        this.#drag.to = event.offsetX;
        this.draw();
      }
      return;
    }
    const job = this.#jobAt(event.offsetX, event.offsetY);
    this.#canvas.classList.toggle('on-job', job !== undefined);
    this.#tip.hidden = job === undefined;
    if (job) {
      const now = Date.now();
      const run = ran(job, now);
      this.#tip.textContent = [
        called(job),
        `${job.id} · ${job.status} · ${about(job)}`,
        `created ${time(job.created)}, waited ${duration(waited(job, now))}${run === undefined ? '' : `, ran ${duration(run)}`}`,
      ].join('\n');
      const left = Math.min(event.offsetX + 12, this.#canvas.clientWidth - this.#tip.offsetWidth - 4);
      this.#tip.style.left = `${Math.max(4, left)}px`;
      this.#tip.style.top = `${event.offsetY + 16}px`;
    }
  }

  #release(event) {
    const drag = this.#drag;
    this.#drag = null;
    if (!drag) return;
    if (Math.abs(event.offsetX - drag.from) > 4) {
      if (!drag.pans) {
        const ends = [this.#timeAt(drag.from), this.#timeAt(event.offsetX)].sort((a, b) => a - b);
        this.range(...ends);
      }
      return;
    }
    const job = this.#jobAt(event.offsetX, event.offsetY);
    if (job) this.dispatchEvent(new CustomEvent('job', { detail: job }));
    this.draw();
  }

  #key(event) {
    const step = (this.to - this.from) / 5;
    const actions = {
      ArrowLeft: () => this.#pan(-step),
      ArrowRight: () => this.#pan(step),
      '+': () => this.zoom(0.5),
      '-': () => this.zoom(2),
      0: () => this.everything(),
    };
    if (actions[event.key]) {
      event.preventDefault();
      actions[event.key]();
    }
  }

  draw() {
    const width = this.#canvas.clientWidth;
    const height = this.#canvas.clientHeight;
    if (width === 0) return;
    const dots = devicePixelRatio;
    if (this.#canvas.width !== Math.round(width * dots) || this.#canvas.height !== Math.round(height * dots)) {
      this.#canvas.width = Math.round(width * dots);
      this.#canvas.height = Math.round(height * dots);
    }
    const pen = this.#canvas.getContext('2d');
    pen.setTransform(dots, 0, 0, dots, 0, 0);
    pen.clearRect(0, 0, width, height);
    const style = getComputedStyle(this.#canvas);
    // Each is asked for once: to ask for each bar took longer than all the rest.
    const colour = Object.fromEntries(COLOURS.map(name => [name, style.getPropertyValue(`--${name}`)]));
    const x = t => ((t - this.from) / (this.to - this.from)) * width;
    this.#drawAxis(pen, width, height, x, colour);
    this.#place(width, height - AXIS, x);
    for (const bar of this.#bars) this.#drawBar(pen, bar, x, colour);
    if (this.#drag && !this.#drag.pans) {
      pen.fillStyle = colour.selection;
      pen.fillRect(Math.min(this.#drag.from, this.#drag.to), 0, Math.abs(this.#drag.to - this.#drag.from), height);
    }
  }

  #drawAxis(pen, width, height, x, colour) {
    const least = (90 / width) * (this.to - this.from);
    const step = STEPS_MS.find(ms => ms >= least) ?? Math.ceil(least / STEPS_MS.at(-1)) * STEPS_MS.at(-1);
    pen.font = '11px system-ui, sans-serif';
    pen.textBaseline = 'middle';
    // In steps of the local day, not of UTC's.
    const zone = new Date(this.from).getTimezoneOffset() * 60e3;
    for (let t = Math.ceil((this.from - zone) / step) * step + zone; t <= this.to; t += step) {
      pen.fillStyle = colour.grid;
      pen.fillRect(Math.round(x(t)), 0, 1, height - AXIS);
      pen.fillStyle = colour.muted;
      pen.fillText(mark(t, step), Math.round(x(t)) + 3, height - AXIS / 2);
    }
  }

  /** First come, first lane that is free; where there are too many, the one that was free first is used twice. */
  #place(width, height, x) {
    const now = Date.now();
    const seen = this.#jobs
      .filter(job => job.created <= this.to && until(job, now) >= this.from)
      .sort((a, b) => a.created - b.created);
    const most = Math.max(1, Math.floor(height / LEAST_LANE));
    const ends = [];
    this.#bars = seen.map(job => {
      const left = Math.max(-2, x(job.created));
      const right = Math.min(width + 2, Math.max(x(until(job, now)), left + LEAST_RUN));
      let lane = ends.findIndex(end => end <= left);
      if (lane < 0) lane = ends.length < most ? ends.length : ends.indexOf(Math.min(...ends));
      ends[lane] = right + 1;
      return { job, lane, x: left, width: right - left };
    });
    const lane = Math.min(MOST_LANE, Math.max(LEAST_LANE, height / Math.max(1, ends.length)));
    for (const bar of this.#bars) {
      bar.y = bar.lane * lane;
      bar.height = Math.max(2, lane - 1);
    }
  }

  #drawBar(pen, bar, x, colour) {
    const { job, y, height } = bar;
    const end = bar.x + bar.width;
    const start = job.started === undefined ? end : Math.min(end - LEAST_RUN, Math.max(bar.x, x(job.started)));
    pen.fillStyle = colour.queued;
    pen.fillRect(bar.x, y + height / 3, start - bar.x, Math.max(1, height / 3));
    if (job.started !== undefined || job.status === 'cancelled') {
      pen.fillStyle = colour[job.status];
      pen.fillRect(job.started === undefined ? end - LEAST_RUN : start, y, Math.max(LEAST_RUN, end - start), height);
    }
    // Not by colour alone.
    if (job.status === 'failed') {
      pen.fillStyle = colour['failed-mark'];
      pen.fillRect(end - 2, y, 2, height);
    }
  }
}
