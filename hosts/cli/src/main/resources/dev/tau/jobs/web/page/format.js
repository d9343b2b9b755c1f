// Units as tau-jobs' terminal commands show them.

export function duration(ms) {
  const seconds = Math.floor(Math.max(0, ms) / 1000);
  const two = n => String(n).padStart(2, '0');
  if (seconds < 60) return `${seconds}.${Math.floor((Math.max(0, ms) % 1000) / 100)}s`;
  if (seconds < 3600) return `${Math.floor(seconds / 60)}m${two(seconds % 60)}s`;
  return `${Math.floor(seconds / 3600)}h${two(Math.floor(seconds / 60) % 60)}m`;
}

export function bytes(count) {
  const units = ['B', 'kB', 'MB', 'GB', 'TB'];
  let amount = count;
  let unit = 0;
  while (amount >= 999.5 && unit < units.length - 1) {
    amount /= 1000;
    unit++;
  }
  return `${unit === 0 || amount >= 9.95 ? Math.round(amount) : amount.toFixed(1)} ${units[unit]}`;
}

const day = date =>
  date.toLocaleDateString([], {
    month: 'short', day: 'numeric', ...(date.getFullYear() === new Date().getFullYear() ? {} : { year: 'numeric' }),
  });

export function time(unixMs) {
  const date = new Date(unixMs);
  const clock = date.toLocaleTimeString([], { hour12: false });
  return date.toDateString() === new Date().toDateString() ? clock : `${day(date)} ${clock}`;
}

/** A mark of a time axis whose marks are so far apart: a day at midnight, else the time of day, as short as will do. */
export function mark(unixMs, stepMs) {
  const date = new Date(unixMs);
  const midnight = date.getHours() + date.getMinutes() + date.getSeconds() === 0;
  if (stepMs >= 86400e3 || midnight) return day(date);
  return date.toLocaleTimeString([], { hour12: false, hour: '2-digit', minute: '2-digit', ...(stepMs < 60e3 ? { second: '2-digit' } : {}) });
}

/** The text with those characters escaped that are not seen: they could turn the direction of what is read. */
export const printable = text =>
  text.replace(/[^\n\P{C}]|[\u2028\u2029]/gu, c => `\\u${c.codePointAt(0).toString(16).padStart(4, '0')}`);
