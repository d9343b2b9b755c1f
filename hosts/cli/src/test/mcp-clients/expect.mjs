// Reads what the Inspector prints and checks it by an expression of JavaScript in which it is called "it".
import assert from 'node:assert/strict';
import { text } from 'node:stream/consumers';

const printed = await text(process.stdin);
let it;
try {
  it = JSON.parse(printed);
} catch {
  assert.fail(`no JSON: ${printed}`);
}
assert.ok(new Function('it', `return ${process.argv[2]}`)(it), `${process.argv[2]} does not hold for ${printed}`);
