// What the server tells of the jobs, by server-sent events: all of them, then what changes.

const AGAIN_MS = 3000;
/** The server says something more often, if it is there. */
const SILENCE_MS = 25000;

/** Fires "change" when something has. A row has the members that LiveServlet sends, its dir's number and a key. */
export class Jobs extends EventTarget {
  dirs = [];
  connected = false;

  #source = null;
  #silence;

  /** While nobody sees the page, nothing is asked for: a browser has six connections to a server, and each page takes one. */
  connect() {
    document.addEventListener('visibilitychange', () => this.#connect());
    this.#connect();
  }

  #connect() {
    if (document.hidden) {
      if (this.#source === null) return;
      this.#source.close();
      this.#source = null;
      // What is shown then is old until it is told anew.
      this.#tell(false);
    } else if (this.#source === null) {
      this.#open();
    }
  }

  #open() {
    const source = new EventSource('live');
    this.#source = source;
    source.addEventListener('jobs', message => this.#take(JSON.parse(message.data)));
    source.addEventListener('now', () => this.#tell(true));
    source.addEventListener('error', () => {
      this.#tell(false);
      // The browser connects again by itself, and is told all anew then; but not where the server has refused.
      if (source.readyState === EventSource.CLOSED && this.#source === source) {
        this.#source = null;
        setTimeout(() => this.#connect(), AGAIN_MS);
      }
    });
  }

  #tell(connected) {
    this.connected = connected;
    clearTimeout(this.#silence);
    if (connected) this.#silence = setTimeout(() => this.#tell(false), SILENCE_MS);
    this.dispatchEvent(new Event('change'));
  }

  #take(message) {
    const dir = (this.dirs[message.dir] ??= { number: message.dir, rows: new Map() });
    if ('all' in message) {
      if (message.all) dir.rows.clear();
      const { path, owned, owner_pid, owner_stopped, counters, removed, unreadable, disk_available_bytes, problem } = message;
      Object.assign(dir, { path, owned, owner_pid, owner_stopped, counters, removed, unreadable, disk_available_bytes, problem });
      for (const id of message.gone) dir.rows.delete(id);
    }
    for (const job of message.jobs) {
      dir.rows.set(job.id, { ...job, dir, key: `${message.dir}/${job.id}` });
    }
  }

  find(dir, id) {
    return this.dirs[dir]?.rows.get(id);
  }

  all() {
    return this.dirs.flatMap(dir => [...dir.rows.values()]);
  }
}

export const STATUSES = ['running', 'queued', 'succeeded', 'failed', 'cancelled'];

export const hasEnded = job => job.finished !== undefined;

/** How long a job waited, or has waited by now; in milliseconds. Of one that ran several times: before its last run. */
export const waited = (job, now) => (job.started ?? job.finished ?? now) - job.created;

/** Until when it lasted, or lasts. One whose agent is gone does not run, whatever its manifest says. */
export const until = (job, now) =>
  job.finished ?? (job.status === 'running' && !job.dir.owned ? job.updated : now);

/** How long it ran, or has been running; undefined if it never did. */
export const ran = (job, now) => (job.started === undefined ? undefined : until(job, now) - job.started);

export const called = job => (job.label ? `${job.label}: ${job.command}` : job.command);

/** Why it is as it is. */
export function about(job) {
  if (!job.dir.owned && job.status === 'running') return 'its agent is gone: the next runs it';
  if (!job.dir.owned && job.status === 'queued') return 'waits for an agent';
  return `${job.reason}${job.exit ? ` ${job.exit}` : ''}`;
}
