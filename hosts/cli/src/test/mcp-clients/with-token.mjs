// Adds the bearer token of TAU_JOBS_MCP_TOKEN to whatever comes in, for clients that can send no header of their own: the
// conformance suite. All else passes as it is, the headers Host and Origin among it. Prints its own address.
import http from 'node:http';

const server = new URL(process.argv[2]);

const proxy = http.createServer((request, response) => {
  const headers = { ...request.headers, authorization: `Bearer ${process.env.TAU_JOBS_MCP_TOKEN}` };
  const onward = http.request(
    { host: server.hostname, port: server.port, path: request.url, method: request.method, headers },
    (answer) => {
      response.writeHead(answer.statusCode, answer.headers);
      response.flushHeaders();
      answer.pipe(response);
    },
  );
  onward.on('error', () => response.destroy());
  response.on('close', () => onward.destroy());
  request.pipe(onward);
});
proxy.listen(0, '127.0.0.1', () => {
  console.log(`http://127.0.0.1:${proxy.address().port}${server.pathname}`);
});
