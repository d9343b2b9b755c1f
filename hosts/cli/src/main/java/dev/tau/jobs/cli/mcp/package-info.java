/**
 * An MCP server over stdin and stdout, or over HTTP, built on the MCP Java SDK. The SDK's own stdio transport loses answers
 * at the end of input and stops at a malformed line, so lines, threads and the end are handled here; over HTTP what comes in
 * is checked in the same way before the SDK's servlet sees it.
 */
@NullMarked
package dev.tau.jobs.cli.mcp;

import org.jspecify.annotations.NullMarked;
