#!/usr/bin/env node
// Kept in git, so that package managers can link the command before the first build.
import "../dist/cli.js";
