"""Users by their identity at an OpenID provider."""
