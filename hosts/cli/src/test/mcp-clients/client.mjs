// The TypeScript SDK's client as an agent would use it. Arguments: "http" and an address, the token being in
// TAU_JOBS_MCP_TOKEN; or "stdio" and the server's command. Exits with 0 only if all is as expected.
import assert from 'node:assert/strict';
import { Client } from '@modelcontextprotocol/sdk/client/index.js';
import { StdioClientTransport } from '@modelcontextprotocol/sdk/client/stdio.js';
import { StreamableHTTPClientTransport } from '@modelcontextprotocol/sdk/client/streamableHttp.js';

const [kind, target, ...rest] = process.argv.slice(2);

function transport(token) {
  return kind === 'stdio'
    ? new StdioClientTransport({ command: target, args: rest })
    : new StreamableHTTPClientTransport(new URL(target), {
        requestInit: { headers: token ? { Authorization: `Bearer ${token}` } : {} },
      });
}

async function connected(token) {
  const client = new Client({ name: 'tau-jobs-test', version: '1' });
  await client.connect(transport(token));
  return client;
}

const client = await connected(process.env.TAU_JOBS_MCP_TOKEN);
const { tools } = await client.listTools();
assert.deepEqual(tools.map((tool) => tool.name).sort(), ['jobs_cancel', 'jobs_create', 'jobs_list', 'jobs_status']);

// The SDK checks each result against the tool's output schema.
const created = await client.callTool({
  name: 'jobs_create',
  arguments: { command: 'sh', args: ['-c', 'sleep 0.3; echo done; exit 3'], wait_ms: 20000 },
});
assert.equal(created.structuredContent.job.status, 'failed');
assert.equal(created.structuredContent.job.exit_code, 3);
assert.equal(created.structuredContent.stdout_preview, 'done\n');

const sleeper = await client.callTool({ name: 'jobs_create', arguments: { command: 'sleep', args: ['300'] } });
const id = sleeper.structuredContent.job.job_id;
let heard = 0;
const waiting = client.callTool({ name: 'jobs_status', arguments: { job_id: id, wait_ms: 45000 } }, undefined, {
  onprogress: () => {
    heard += 1;
    if (heard === 1) {
      client.callTool({ name: 'jobs_cancel', arguments: { job_id: id } });
    }
  },
});
assert.equal((await waiting).structuredContent.job.status, 'cancelled');
assert.ok(heard >= 1);

const refused = await client.callTool({ name: 'jobs_status', arguments: { job_id: 'no such job' } });
assert.equal(refused.isError, true);
await client.close();

if (kind === 'http') {
  await assert.rejects(connected(undefined), { code: 401 });
  await assert.rejects(connected('wrong'), { code: 401 });
}
console.log(`TypeScript SDK over ${kind}: listed, called, waited with progress, cancelled`);
