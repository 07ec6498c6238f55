"""The ports: what the core needs of the world, as Protocols in words of the domain."""
