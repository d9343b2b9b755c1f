/**
 * An MCP server over stdin and stdout, built on the MCP Java SDK's stateless server. The SDK's own stdio transport loses
 * answers at the end of input and stops at a malformed line, so lines, threads and the end are handled here.
 */
@NullMarked
package dev.tau.jobs.cli.mcp;

import org.jspecify.annotations.NullMarked;
