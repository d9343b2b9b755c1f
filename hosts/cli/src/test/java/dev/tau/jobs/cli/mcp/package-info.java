/** Tests of the MCP server. They need no client. */
@NullMarked
package dev.tau.jobs.cli.mcp;

import org.jspecify.annotations.NullMarked;
