"""Development tools: nothing here is needed to run a package."""
