// An agent of the MCP kind, as small as it can be: one process, one call at a time.
import { spawn } from 'node:child_process';
import { createInterface } from 'node:readline';

export class Agent {
  #process;
  #lines;
  #calls = 0;

  /** Its process is added to the started ones. */
  static async start(started, program, dir, ...flags) {
    const agent = new Agent();
    agent.#process = spawn(program, ['mcp', '--no-session', '--jobs-state-dir', dir, ...flags], {
      stdio: ['pipe', 'pipe', 'inherit'],
    });
    started.push(agent.#process);
    agent.#lines = createInterface({ input: agent.#process.stdout })[Symbol.asyncIterator]();
    await agent.#ask('initialize', { protocolVersion: '2025-06-18', capabilities: {}, clientInfo: { name: 'browser', version: '1' } });
    agent.#send({ method: 'notifications/initialized' });
    return agent;
  }

  get pid() {
    return this.#process.pid;
  }

  #send(message) {
    this.#process.stdin.write(`${JSON.stringify({ jsonrpc: '2.0', ...message })}\n`);
  }

  async #ask(method, params) {
    const id = ++this.#calls;
    this.#send({ id, method, params });
    for (;;) {
      const { value, done } = await this.#lines.next();
      if (done) throw new Error('the agent has ended');
      const message = JSON.parse(value);
      if (message.id === id) return message.result;
    }
  }

  async call(name, args) {
    return (await this.#ask('tools/call', { name, arguments: args })).structuredContent;
  }

  /** The id of a new job that runs a script. */
  async create(script, more = {}) {
    return (await this.call('jobs_create', { command: script, shell: true, ...more })).job.job_id;
  }

  async job(id) {
    return (await this.call('jobs_status', { job_id: id })).job;
  }

  async health() {
    return (await this.call('jobs_list', { limit: 1 })).health;
  }

  /** Ends it at once, as nobody could foresee. */
  async kill() {
    const gone = new Promise(resolve => this.#process.once('exit', resolve));
    this.#process.kill('SIGKILL');
    await gone;
  }

  async end() {
    this.#process.stdin.end();
    await new Promise(resolve => this.#process.once('exit', resolve));
  }
}
