"""The reads behind the screens."""
