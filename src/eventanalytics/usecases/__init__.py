"""What the system does, one verb a file: ports in, one call, no framework."""
