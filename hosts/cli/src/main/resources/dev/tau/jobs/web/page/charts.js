// How many jobs ended, waited and ran over time, as their manifests tell: of a job that ran several times, the last run.
import { until } from './jobs.js';
import { mark } from './format.js';
import uPlot from './vendor/uPlot.esm.js';

const POINTS = 160;

export class Charts {
  #ended;
  #load;
  #endedElement;
  #loadElement;

  constructor(endedElement, loadElement) {
    this.#endedElement = endedElement;
    this.#loadElement = loadElement;
    const again = () => {
      this.#ended?.destroy();
      this.#load?.destroy();
      this.#ended = this.#load = undefined;
    };
    // The colours are the style sheet's, and uPlot draws with what it was given.
    matchMedia('(prefers-color-scheme: dark)').addEventListener('change', again);
    let width = endedElement.clientWidth;
    new ResizeObserver(() => {
      if (endedElement.clientWidth !== width) again();
      width = endedElement.clientWidth;
    }).observe(endedElement);
  }

  show(jobs, from, to) {
    const step = (to - from) / POINTS;
    const times = Array.from({ length: POINTS }, (_, i) => (from + (i + 1) * step) / 1000);
    const ended = { succeeded: new Float64Array(POINTS), failed: new Float64Array(POINTS), cancelled: new Float64Array(POINTS) };
    const waiting = new Float64Array(POINTS + 1);
    const running = new Float64Array(POINTS + 1);
    const at = t => Math.min(POINTS, Math.max(0, Math.floor((t - from) / step)));
    const count = (changes, begin, end) => {
      if (begin > to || (end !== undefined && end < from)) return;
      changes[at(begin)]++;
      if (end !== undefined && end <= to) changes[at(end)]--;
    };
    for (const job of jobs) {
      // A manifest may say that a job has ended and still runs.
      if (job.finished >= from && job.finished < to && ended[job.status]) ended[job.status][at(job.finished)]++;
      count(waiting, job.created, job.started ?? job.finished);
      if (job.started !== undefined) count(running, job.started, until(job, to));
    }
    const perSecond = counts => Array.from(counts, n => (n * 1000) / step);
    const sums = changes => {
      let sum = 0;
      return Array.from(changes.subarray(0, POINTS), n => (sum += n));
    };
    this.#ended = this.#draw(this.#ended, this.#endedElement, ['succeeded', 'failed', 'cancelled'], true,
      [times, perSecond(ended.succeeded), perSecond(ended.failed), perSecond(ended.cancelled)]);
    this.#load = this.#draw(this.#load, this.#loadElement, ['queued', 'running'], false, [times, sums(waiting), sums(running)]);
  }

  #draw(chart, element, names, filled, data) {
    if (chart) {
      chart.setData(data);
      return chart;
    }
    if (element.clientWidth === 0) return undefined;
    const colours = getComputedStyle(element);
    const colour = name => colours.getPropertyValue(`--${name}`).trim();
    const axis = { stroke: colour('muted'), grid: { stroke: colour('grid'), width: 1 }, ticks: { show: false } };
    const series = names.map(name => ({
      label: name,
      stroke: colour(name),
      width: 1.5,
      fill: filled ? `${colour(name)}40` : undefined,
      paths: uPlot.paths.stepped({ align: -1 }),
      points: { show: false },
    }));
    return new uPlot({
      width: element.clientWidth,
      height: 150,
      scales: { y: { range: (_, __, most) => [0, Math.max(1, most * 1.1)] } },
      axes: [{ ...axis, space: 80, size: 28, values: (_, seconds, __, ___, step) => seconds.map(at => mark(at * 1000, step * 1000)) }, { ...axis, size: 45 }],
      legend: { live: false },
      series: [{ label: 'time' }, ...series],
      cursor: { drag: { x: false, y: false } },
    }, data, element);
  }
}
