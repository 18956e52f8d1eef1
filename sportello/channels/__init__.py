"""Channels: the roads on which requests come in and answers go out. One folder a provider."""
